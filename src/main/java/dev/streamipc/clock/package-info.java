/**
 * Time, as an argument of all that waits: what runs in a test under virtual time runs in a program by the JVM's.
 *
 * <p>Support: stable where a builder takes it. Floor 1: names the JDK and slf4j.
 */
@NullMarked
package dev.streamipc.clock;

import org.jspecify.annotations.NullMarked;
