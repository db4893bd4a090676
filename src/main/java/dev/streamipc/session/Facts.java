package dev.streamipc.session;

import dev.streamipc.channel.IpcChannel;

/** What a session is made from. */
record Facts(String name, Role role, OtherEnd otherEnd, PeerSettings settings) {

    /** Returns the same over another channel to the same other end. */
    Facts over(IpcChannel channel) {
        return new Facts(name, role, new OtherEnd(channel, otherEnd.process(), otherEnd.watch()), settings);
    }
}
