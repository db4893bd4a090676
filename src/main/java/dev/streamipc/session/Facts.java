package dev.streamipc.session;

/** What a session is made from. */
record Facts(String name, Role role, OtherEnd otherEnd, PeerSettings settings, Surroundings surroundings) {}
