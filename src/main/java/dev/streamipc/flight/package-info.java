/**
 * What a session does, as events of the JDK's Flight Recorder; nothing where the module {@code jdk.jfr} is missing.
 *
 * <p>Support: may change; the names of the events and of their fields, in {@code docs/WATCHING.md}, do not. Floor 1:
 * names nothing but the JDK, and {@code jdk.jfr} in one file, which is loaded only where that module is.
 */
@NullMarked
package dev.streamipc.flight;

import org.jspecify.annotations.NullMarked;
