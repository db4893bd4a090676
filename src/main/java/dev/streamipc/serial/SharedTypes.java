package dev.streamipc.serial;

import dev.streamipc.message.Message;
import java.util.List;
import java.util.Optional;

/**
 * The types that both sides of a session know, and the numbers under which they travel.
 *
 * <p>Immutable; safe for all threads.
 */
public interface SharedTypes {

    /**
     * Returns all shared classes, messages and the records and enums inside them, in the order of their logical names
     * by UTF-8 bytes: the same on both sides.
     *
     * @return classes of this side
     */
    List<Class<?>> inCommonOrder();

    /**
     * Returns the logical name of a registered class.
     *
     * @param type a class
     * @return its name; empty if it is not registered here
     */
    Optional<String> nameOf(Class<?> type);

    /**
     * Returns the number under which this side sends a type.
     *
     * @param type a class
     * @return its position in this side's table, or -1 if it is not shared
     */
    int numberOf(Class<?> type);

    /**
     * Returns the message type behind a number that the other side sent.
     *
     * @param number a position in the other side's table
     * @return the class, empty if the number is out of range, not shared, or not a message
     */
    Optional<Class<? extends Message>> messageAt(int number);

    /**
     * Says why a type is not shared.
     *
     * @param type a class
     * @return facts and next step: not registered here, not registered there, or both shapes
     */
    String whyNotShared(Class<?> type);
}
