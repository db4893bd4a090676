/**
 * Peers and their sessions: requests, replies, notifications, and how each of them ends.
 *
 * <p>API. Floor 4: names {@code message}, {@code frame}, {@code channel}, {@code flight}, {@code serial}, {@code process}.
 */
@NullMarked
package dev.streamipc.session;

import org.jspecify.annotations.NullMarked;
