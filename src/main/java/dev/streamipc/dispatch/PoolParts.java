package dev.streamipc.dispatch;

import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * What the rules of a pool share.
 *
 * @param out takes what is to be done, in order
 * @param lookWithin is told that something may be due after so many nanoseconds
 */
record PoolParts(
        PoolSettings settings, Fleet fleet, Tallies tallies, Consumer<? super Action> out, LongConsumer lookWithin) {}
