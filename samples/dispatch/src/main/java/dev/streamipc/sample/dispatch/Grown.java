package dev.streamipc.sample.dispatch;

import dev.streamipc.message.Message;

/** News of a task that takes ever more memory: who it is, and how much it holds. */
public record Grown(long pid, int heldMebibytes) implements Message {}
