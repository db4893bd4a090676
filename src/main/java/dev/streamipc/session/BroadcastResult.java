package dev.streamipc.session;

import dev.streamipc.message.IpcFailure;
import java.util.Optional;

/**
 * What became of a broadcast in one session.
 *
 * @param session the session
 * @param refusal why it was not queued there; empty if it was
 */
public record BroadcastResult(IpcSession session, Optional<IpcFailure> refusal) {}
