package dev.streamipc.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KindTest {

    @Test
    void numbersAreThoseOfTheProtocol() {
        List<String> names = Arrays.stream(Kind.values())
                .map(kind -> kind.number() + " " + kind)
                .toList();

        assertEquals(
                List.of(
                        "1 HELLO",
                        "2 READY",
                        "3 REQUEST",
                        "4 REPLY",
                        "5 FAILURE",
                        "6 NOTIFY",
                        "7 STARTED",
                        "8 PROGRESS",
                        "9 CANCEL",
                        "10 PING",
                        "11 PONG",
                        "12 GOODBYE",
                        "13 VOID",
                        "14 CHUNK",
                        "15 PART",
                        "16 DEMAND"),
                names);
    }

    @Test
    void eachNumberFindsItsKind() {
        for (Kind kind : Kind.values()) {
            assertEquals(kind, Kind.of(kind.number()));
        }
        assertNull(Kind.of(0));
        assertNull(Kind.of(17));
        assertNull(Kind.of(255));
    }

    @Test
    void framesThatBelongToNoCallHaveNoId() {
        List<Kind> without =
                Arrays.stream(Kind.values()).filter(Kind::idMustBeZero).toList();

        assertEquals(List.of(Kind.HELLO, Kind.READY, Kind.NOTIFY, Kind.GOODBYE), without);
    }

    @Test
    void wordRefusesFlagOfAnotherKind() {
        Throwable refused = assertThrows(IllegalArgumentException.class, () -> Kind.REPLY.with(Flags.MERGED));

        assertEquals("no such frame: kind=REPLY, flags=0x8, allowedFlags=0x11", refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Kind.DEMAND.with(Flags.LAST_PART));
    }
}
