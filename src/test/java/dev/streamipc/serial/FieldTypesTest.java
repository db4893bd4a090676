package dev.streamipc.serial;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.Message;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.URL;
import java.util.AbstractList;
import java.util.Calendar;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.Vector;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FieldTypesTest {

    @Test
    void throwableIsNoField() {
        IllegalArgumentException refused = refused(OfFailure.class);

        assertEquals(
                "field can't travel: record=" + OfFailure.class.getName() + ", field=cause, type=java.io.IOException"
                        + "; send what the receiver needs of it as texts, or let the handler throw it",
                refused.getMessage());
    }

    @Test
    void urlAndClassAreNoFieldsAndTheTextSaysWhatIs() {
        assertTrue(refused(OfUrl.class).getMessage().endsWith("; use URI: comparing two URLs asks the network"));
        assertTrue(refused(OfClass.class).getMessage().contains("; send its name: "));
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                OfThread.class,
                OfLambda.class,
                OfFuture.class,
                OfStream.class,
                OfInput.class,
                OfCalendar.class,
                OfProperties.class,
                OfVector.class,
                OfAbstractList.class,
                OfCopyOnWrite.class,
                OfIpv4.class,
                OfBean.class,
                OfBuilder.class,
                OfRawEnumMap.class,
                OfOpenEnumSet.class,
                OfOpenInterface.class
            })
    void whatCantTravelIsRefused(Class<?> type) {
        String text = refused(type).getMessage();

        assertTrue(text.startsWith("field can't travel: record=" + type.getName() + ", field=value, type="), text);
        assertTrue(
                text.endsWith("; use a record, an enum, a sealed interface of them or an everyday value of the JDK"));
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                InList.class,
                InMap.class,
                InArray.class,
                InArrays.class,
                InBound.class,
                InVariable.class,
                Deep.class
            })
    void whatCantTravelIsFoundInsideToo(Class<?> type) {
        assertTrue(refused(type).getMessage().contains(", type=java.lang.Thread;"));
    }

    @Test
    void interfaceOfARegisteredRecordMayBeAField() {
        assertDoesNotThrow(() -> check(OfOpenInterface.class, Thing.class));
        assertDoesNotThrow(() -> check(OfMessage.class));
    }

    @Test
    void openTypesAreLookedAtWhenTheyAreSent() {
        assertDoesNotThrow(() -> check(OfAnything.class));
        assertDoesNotThrow(() -> check(Generic.class));
        assertDoesNotThrow(() -> check(OfRaw.class));
    }

    private static IllegalArgumentException refused(Class<?> type) {
        return assertThrows(IllegalArgumentException.class, () -> check(type));
    }

    private static void check(Class<?>... types) {
        FieldTypes.check(TypeRegistry.of(List.of(types)));
    }

    enum Size {
        SMALL
    }

    interface Open {}

    record Thing(int number) implements Open, Message {}

    static final class Bean {
        int number;
    }

    record OfFailure(int number, IOException cause) implements Message {}

    record OfUrl(URL value) implements Message {}

    record OfClass(Class<?> value) implements Message {}

    record OfThread(Thread value) implements Message {}

    record OfLambda(Function<String, String> value) implements Message {}

    record OfFuture(Future<String> value) implements Message {}

    record OfStream(Stream<String> value) implements Message {}

    record OfInput(InputStream value) implements Message {}

    record OfCalendar(Calendar value) implements Message {}

    record OfProperties(Properties value) implements Message {}

    record OfVector(Vector<String> value) implements Message {}

    record OfAbstractList(AbstractList<String> value) implements Message {}

    record OfCopyOnWrite(CopyOnWriteArrayList<String> value) implements Message {}

    record OfIpv4(Inet4Address value) implements Message {}

    record OfBean(Bean value) implements Message {}

    record OfBuilder(StringBuilder value) implements Message {}

    @SuppressWarnings("rawtypes")
    record OfRawEnumMap(EnumMap value) implements Message {}

    record OfOpenEnumSet<E extends Enum<E>>(EnumSet<E> value) implements Message {}

    record OfOpenInterface(Open value) implements Message {}

    record OfMessage(Message value) implements Message {}

    record InList(List<Optional<Thread>> value) implements Message {}

    record InMap(EnumMap<Size, Thread> value) implements Message {}

    record InArray(Thread[][] value) implements Message {}

    record InArrays(List<Thread>[] value) implements Message {}

    record InBound(Set<? extends Thread> value) implements Message {}

    record InVariable<T extends Thread>(T value) implements Message {}

    record Deep(List<Inside> value) implements Message {}

    record Inside(Map<String, Thread> threads) {}

    record OfAnything(Object value, Number number, Comparable<?> other) implements Message {}

    record Generic<T extends Comparable<T>>(T value, List<? super T> more) implements Message {}

    @SuppressWarnings("rawtypes")
    record OfRaw(List value, Map more) implements Message {}
}
