/**
 * Futures whose dependents run where the user wants them, and never on a thread that has other work to do.
 *
 * <p>Support: what a session and a dispatcher give to callers is made here. Floor 2: names {@code clock}, {@code message}, slf4j and, in one
 * file, JCTools.
 */
@NullMarked
package dev.streamipc.callback;

import org.jspecify.annotations.NullMarked;
