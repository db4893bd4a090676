package dev.streamipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.Floors.Arrow;
import dev.streamipc.Floors.Floor;
import dev.streamipc.message.Message;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the floors, and shows that a broken floor is seen. */
class FloorsTest {

    @Test
    void theHouseStands() throws URISyntaxException {
        List<Arrow> arrows = Floors.arrows(jdepsOfTheLibrary()).stream()
                .filter(arrow -> !isPermit(arrow))
                .toList();

        assertEquals(List.of(), Floors.violations(arrows));
    }

    @Test
    void theListItselfPointsDown() {
        Map<String, Integer> numbers = Floors.HOUSE.stream().collect(Collectors.toMap(Floor::name, Floor::number));

        for (Floor floor : Floors.HOUSE) {
            floor.mayName().forEach(below -> assertTrue(numbers.get(below) < floor.number(), floor + " -> " + below));
        }
    }

    @Test
    void jdepsNamesOurClassesAndTheirPackages() throws URISyntaxException {
        List<Arrow> arrows = Floors.arrows(jdepsOfTheLibrary());

        assertTrue(arrows.contains(new Arrow("dev.streamipc.message.Request", "dev.streamipc.message.Message")));
        assertTrue(arrows.stream().anyMatch(arrow -> arrow.from().endsWith("session.package-info")));
    }

    @Test
    void noArrowsIsAFault() {
        assertFault("no arrows", "classes -> java.base\n");
    }

    @Test
    void anArrowUpIsAFault() {
        assertFault("forbidden", arrow("message.Message", "dev.streamipc.session.IpcSession"));
    }

    @Test
    void anArrowSidewaysIsAFault() {
        assertFault("forbidden", arrow("channel.Pipe", "dev.streamipc.frame.Decoder"));
        assertFault("forbidden", arrow("serial.kryo.Room", "dev.streamipc.serial.json.Room"));
        assertFault("forbidden", arrow("serial.kryo.Room", "dev.streamipc.process.Child"));
    }

    @Test
    void anUnlistedPackageIsAFault() {
        assertFault("unlisted package", arrow("util.Strings", "java.lang.String"));
        assertFault("unlisted package", arrow("message.inner.Strings", "java.lang.String"));
        assertFault("unlisted package", arrow("Facade", "java.lang.String"));
        assertFault("forbidden", arrow("session.IpcSession", "dev.streamipc.util.Strings"));
    }

    @Test
    void aLibraryOutsideItsRoomIsAFault() {
        assertFault("forbidden", arrow("serial.Types", "com.esotericsoftware.kryo.Kryo"));
        assertFault("forbidden", arrow("session.IpcSession", "com.fasterxml.jackson.databind.ObjectMapper"));
        assertFault("forbidden", arrow("process.Child", "org.jctools.queues.varhandle.MpscArrayQueue"));
        assertFault("forbidden", arrow("frame.Decoder", "org.slf4j.Logger"));
        assertFault("forbidden", arrow("session.IpcSession", "sun.misc.Unsafe"));
    }

    @Test
    void aQueueLibraryInTwoFilesIsAFault() {
        String queue = "org.jctools.queues.varhandle.MpscArrayQueue";

        assertFault("more than one file", arrow("callback.A", queue) + arrow("callback.B$Nested", queue));
        assertStands(arrow("callback.A", queue) + arrow("callback.A$Nested", queue));
    }

    @Test
    void filesInACircleAreAFault() {
        String there = arrow("session.Peer", "dev.streamipc.session.Session$Handler");
        String further = arrow("session.Session", "dev.streamipc.session.Pending");
        String back = arrow("session.Pending$Slot", "dev.streamipc.session.Peer");

        assertFault(
                "files in a circle: dev.streamipc.session.Peer -> dev.streamipc.session.Session"
                        + " -> dev.streamipc.session.Pending -> dev.streamipc.session.Peer",
                there + further + back);
        assertStands(there + further);
    }

    @Test
    void whatIsAllowedIsNoFault() {
        assertStands(arrow("package-info", "org.jspecify.annotations.NullMarked"));
        assertStands(arrow("serial.kryo.Room", "com.esotericsoftware.kryo.Kryo"));
        assertStands(arrow("serial.json.Room", "com.fasterxml.jackson.databind.ObjectMapper"));
        assertStands(arrow("serial.json.Room", "dev.streamipc.serial.SharedTypes"));
        assertStands(arrow("session.IpcPeer", "dev.streamipc.serial.json.Room"));
        assertStands(arrow("process.Child", "org.slf4j.Logger"));
        assertStands(arrow("session.Outer$Inner", "dev.streamipc.session.Outer"));
    }

    private static void assertFault(String expected, String jdepsOutput) {
        List<String> found = Floors.violations(Floors.arrows(jdepsOutput));

        assertEquals(1, found.size(), found::toString);
        assertTrue(found.get(0).contains(expected), found::toString);
    }

    private static void assertStands(String jdepsOutput) {
        assertEquals(List.of(), Floors.violations(Floors.arrows(jdepsOutput)));
    }

    private static String arrow(String from, String to) {
        return "   " + Floors.ROOT + "." + from + "        -> " + to + "        classes\n";
    }

    /** A sealed type and those that it permits have to name each other: the language wants it so. */
    private static boolean isPermit(Arrow arrow) {
        try {
            Class<?> from = Class.forName(arrow.from(), false, Message.class.getClassLoader());
            return from.isSealed()
                    && Arrays.stream(from.getPermittedSubclasses())
                            .anyMatch(type -> type.getName().equals(arrow.to()));
        } catch (ClassNotFoundException e) {
            throw new AssertionError("jdeps named a class that is not there: " + arrow, e);
        }
    }

    private static String jdepsOfTheLibrary() throws URISyntaxException {
        Path classes = Path.of(Message.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();

        int status = jdeps.run(
                new PrintWriter(out), new PrintWriter(err), "-verbose:class", "-filter:none", classes.toString());

        assertEquals(0, status, () -> out + "" + err);
        return out.toString();
    }
}
