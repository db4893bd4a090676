package dev.streamipc.message;

/**
 * A value that travels between two sides: a record.
 *
 * <p>Each type is registered under its logical name on both sides: the simple name ({@code Outer.Inner} when nested) or
 * what {@link MessageName} says. No class name ever travels. The constructor of a record may run on the thread that
 * reads the channel, or, of a large message, on another of the session, so it must not block. Bytes that no serializer is to
 * touch are an {@link Attachment}.
 */
public interface Message {}
