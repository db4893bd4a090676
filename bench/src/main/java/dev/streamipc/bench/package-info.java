/**
 * The harness: runs sides in turn, prints what they measured, and keeps it.
 *
 * <p>A <em>side</em> is a process that measures one thing on being asked: a JVM of package {@code side}, {@code raw} or
 * {@code peer}, or a program in another language. A <em>lane</em> is this end of it. A <em>heat</em> is a set of lanes that take
 * turns, round by round, and the rows that compare them.
 */
package dev.streamipc.bench;
