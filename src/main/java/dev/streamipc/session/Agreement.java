package dev.streamipc.session;

import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.SharedTypes;

/** What the two HELLOs of a session come to. */
record Agreement(MessageSerializer serializer, SharedTypes types, int otherMaxPayloadBytes, Hello other) {}
