package dev.streamipc.session;

/** Which end of a session a side is. One of each makes a session; the parent's list of serializers decides. */
public enum Role {
    /** The side that started the other, or the one that both agreed to call so. */
    PARENT,
    /** The side that was started. */
    CHILD
}
