/**
 * The unit on a channel: its header, how it is written, how it is found again behind junk.
 *
 * <p>Support: may change. Floor 1: names nothing but the JDK. Does no I/O and logs nothing.
 *
 * <p>Threads: an encoder has no state that changes, so all threads of a session share it. A decoder belongs to the
 * thread that reads; what it gives to its sink is good until the sink returns. There are no locks.
 */
@NullMarked
package dev.streamipc.frame;

import org.jspecify.annotations.NullMarked;
