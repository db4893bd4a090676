/**
 * The unit on a channel: its header, how it is written, how it is found again behind junk.
 *
 * <p>Support: may change. Floor 1: names nothing but the JDK. Does no I/O and logs nothing.
 */
@NullMarked
package dev.streamipc.frame;

import org.jspecify.annotations.NullMarked;
