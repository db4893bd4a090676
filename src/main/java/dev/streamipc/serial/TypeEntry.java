package dev.streamipc.serial;

import org.jspecify.annotations.Nullable;

/**
 * One line of a type table, as it stands in HELLO.
 *
 * @param name the logical name
 * @param hash 8 hex digits over the shape and the shapes of all types inside it, null where the side has none
 * @param shape the fields as text, {@code (path: String, bytes: long)}, null where it was left out
 */
public record TypeEntry(
        String name, @Nullable String hash, @Nullable String shape) {}
