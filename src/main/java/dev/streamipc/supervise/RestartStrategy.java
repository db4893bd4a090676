package dev.streamipc.supervise;

/** Which siblings are started again together with a child that is. */
public enum RestartStrategy {
    /** None. Each child waits and starts by itself, whatever the others do. */
    ONE_FOR_ONE,
    /** All: they are stopped in reverse order, then all are started in order. */
    ONE_FOR_ALL,
    /** Those behind it in the order of starts: they are stopped in reverse order, then it and they are started in order. */
    REST_FOR_ONE
}
