package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChildTest {

    @Test
    void isNamedAfterWhatItRuns() {
        assertEquals("EchoMain", Child.java(EchoMain.class).spec().name());
        assertEquals("score", Child.python("models/score.py").spec().name());
        assertEquals("cat", Child.command("/bin/cat", "-u").spec().name());
        assertEquals("a?b", Child.command("/x/a\nb").spec().name());
        assertEquals("mine", Child.command("cat").name("mine").spec().name());
    }

    @Test
    void settersLeaveTheOriginalAlone() {
        Child cat = Child.command("cat");

        Child other = cat.arguments("-u")
                .environment("A", "1")
                .directory(Path.of("/"))
                .name("n");

        assertEquals(Child.command(List.of("cat")), cat);
        assertEquals(cat.hashCode(), Child.command("cat").hashCode());
        assertNotEquals(cat, other);
        assertEquals(List.of("-u", "-v"), other.arguments("-v").spec().arguments());
    }

    @Test
    void settersOfAnotherKindAreRefused() {
        Child cat = Child.command("cat");

        String options = assertThrows(IllegalStateException.class, () -> cat.jvmOptions("-Xmx1g"))
                .getMessage();
        assertTrue(options.startsWith("JVM options need a Java child, child=Child[name=cat"), options);
        String python = assertThrows(IllegalStateException.class, () -> cat.interpreter(Path.of("p")))
                .getMessage();
        assertTrue(python.startsWith("an interpreter needs a Python child, child="), python);
    }

    @Test
    void wordsThatCanNotBeAreRefused() {
        assertThrows(IllegalArgumentException.class, Child::command);
        assertThrows(IllegalArgumentException.class, () -> Child.command(""));
        Child cat = Child.command("cat");
        assertThrows(IllegalArgumentException.class, () -> cat.name(""));
        assertThrows(IllegalArgumentException.class, () -> cat.name("a\tb"));
        assertThrows(IllegalArgumentException.class, () -> cat.name("x".repeat(101)));
        assertThrows(IllegalArgumentException.class, () -> cat.environment("", "1"));
        String whole = assertThrows(IllegalArgumentException.class, () -> cat.environment("A=secret", "1"))
                .getMessage();
        assertEquals("environment name is empty or contains = or NUL, name=A", whole);
        String nul = assertThrows(IllegalArgumentException.class, () -> cat.environment("A", "secret\0"))
                .getMessage();
        assertEquals("environment value contains NUL, name=A", nul);
    }

    @Test
    void wordsWithNulAreRefusedAndNotShown() {
        Child java = Child.java(EchoMain.class);

        assertEquals(
                "argument contains NUL, word=1, position=6",
                assertThrows(IllegalArgumentException.class, () -> java.arguments("a", "secret\0"))
                        .getMessage());
        assertEquals(
                "JVM option contains NUL, word=0, position=3",
                assertThrows(IllegalArgumentException.class, () -> java.jvmOptions("-Da\0"))
                        .getMessage());
        assertEquals(
                "command contains NUL, word=0, position=0",
                assertThrows(IllegalArgumentException.class, () -> Child.command("\0"))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> Child.python("a\0.py"));
    }

    @Test
    void startLimitThatCanNotBeIsRefused() {
        Child cat = Child.command("cat");
        for (Duration limit : List.of(
                Duration.ZERO,
                Duration.ofMillis(-1),
                Duration.ofDays(1).plusNanos(1),
                Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThrows(IllegalArgumentException.class, () -> cat.startLimit(limit));
        }

        assertEquals(
                Duration.ofDays(1), cat.startLimit(Duration.ofDays(1)).spec().startLimit());
        assertNotEquals(cat, cat.startLimit(Duration.ofDays(1)));
        assertTrue(cat.startLimit(Duration.ofSeconds(2)).toString().contains("startLimitMs=2000"));
    }

    @Test
    void textShowsNamesOfVariablesButNoValues() {
        String text = Child.command("cat")
                .environment("TOKEN", "secret")
                .arguments("-u")
                .toString();

        assertTrue(text.contains("cat") && text.contains("-u") && text.contains("TOKEN"), text);
        assertFalse(text.contains("secret"), text);
    }

    @Test
    void environmentIsInheritedThenReducedThenSet() {
        Map<String, String> inherited = Map.of("A", "1", "B", "2", "C", "3");

        assertEquals(
                Map.of("A", "1", "B", "x", "C", "3"), plan(Child.command("x").environment("B", "x"), inherited));
        assertEquals(Map.of("A", "1"), plan(Child.command("x").withoutEnvironment("B", "C", "D"), inherited));
        assertEquals(
                Map.of("A", "1", "N", "n"),
                plan(Child.command("x").environment("N", "n").inheritOnly("A", "Z"), inherited));
        assertEquals(Map.of(), plan(Child.command("x").inheritOnly(), inherited));
        assertEquals(
                Map.of("A", "1"),
                plan(Child.command("x").environment("B", "x").withoutEnvironment("B", "C"), inherited));
    }

    private static Map<String, String> plan(Child child, Map<String, String> inherited) {
        Map<String, String> environment = new HashMap<>(inherited);
        child.spec().environment().applyTo(environment);
        return environment;
    }
}
