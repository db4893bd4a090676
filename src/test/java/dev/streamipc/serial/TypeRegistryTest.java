package dev.streamipc.serial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.FunctionCall;
import dev.streamipc.message.FunctionValue;
import dev.streamipc.message.LogMessage;
import dev.streamipc.message.Message;
import dev.streamipc.message.MessageName;
import dev.streamipc.message.Request;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TypeRegistryTest {

    @Test
    void logMessageIsAlwaysRegistered() {
        TypeEntry entry = TypeRegistry.of(List.of()).entries().get(0);

        assertEquals("LogMessage", entry.name());
        assertEquals("(message: String, level: Level)", entry.shape());
    }

    @Test
    void nestedTypesAndAnswersAreRegisteredWithTheirQuestion() {
        assertEquals(
                List.of(
                        "LogMessage",
                        "TypeRegistryTest.Answer",
                        "TypeRegistryTest.Colour",
                        "TypeRegistryTest.InArray",
                        "TypeRegistryTest.InList",
                        "TypeRegistryTest.InMap",
                        "TypeRegistryTest.InOptional",
                        "TypeRegistryTest.Question"),
                names(Question.class));
    }

    @Test
    void sealedInterfaceStandsForAllItsRecords() {
        assertEquals(
                List.of("LogMessage", "TypeRegistryTest.Add", "TypeRegistryTest.Drop", "TypeRegistryTest.DropAll"),
                names(Command.class));
    }

    @Test
    void answerIsFoundThroughAnInterfaceOfTheUser() {
        assertTrue(names(Indirect.class).contains("TypeRegistryTest.Answer"));
    }

    @Test
    void namesFollowTheAnnotation() {
        assertEquals(List.of("LogMessage", "renamed"), names(Annotated.class));
    }

    @Test
    void namesAreSortedByUtf8Bytes() {
        assertEquals(List.of("LogMessage", "\uffee", "\ud83d\ude00"), names(Emoji.class, HalfWidth.class));
    }

    @Test
    void callsOfFunctionsAreAlwaysThere() {
        assertEquals(List.of("LogMessage", "streamipc.Call", "streamipc.Value"), allNames());
        assertEquals(allNames(), allNames(FunctionCall.class, FunctionValue.class));
    }

    @Test
    void namesOfTheLibraryAreReserved() {
        @MessageName("streamipc.Call")
        record Mine(int number) implements Message {}

        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> TypeRegistry.of(List.of(Mine.class)));

        assertTrue(String.valueOf(failure.getMessage()).contains("message name is reserved"), failure.getMessage());
    }

    @Test
    void localRecordHasItsSimpleName() {
        record Local(int number) implements Message {}

        assertEquals(List.of("Local", "LogMessage"), names(Local.class));
    }

    @Test
    void entriesCarryShapesOfEveryKind() {
        assertEquals(
                "(list: List<TypeRegistryTest.InList>, map: Map<String, ? extends TypeRegistryTest.InMap>, "
                        + "optional: Optional<TypeRegistryTest.InOptional>, array: TypeRegistryTest.InArray[], "
                        + "colour: TypeRegistryTest.Colour, number: int)",
                entry("TypeRegistryTest.Question", Question.class).shape());
        assertEquals(
                "{RED, GREEN}", entry("TypeRegistryTest.Colour", Question.class).shape());
    }

    @Test
    void hashIsEightHexDigitsAndCoversWhatIsInside() {
        TypeEntry one = entry("Holder", OneVersion.Holder.class);
        TypeEntry two = entry("Holder", OtherVersion.Holder.class);

        assertTrue(one.hash().matches("[0-9a-f]{8}"), one.hash());
        assertEquals(one.shape(), two.shape());
        assertNotEquals(one.hash(), two.hash());
    }

    @Test
    void recordThatContainsItselfHasAHash() {
        assertTrue(entry("TypeRegistryTest.Cyclic", Cyclic.class).hash().matches("[0-9a-f]{8}"));
    }

    @Test
    void clashNamesBothClasses() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> TypeRegistry.of(List.of(OneVersion.Holder.class, OtherVersion.Holder.class)));

        assertEquals(
                "two classes have the same logical name: name=Holder, first=" + OneVersion.Holder.class.getName()
                        + ", second=" + OtherVersion.Holder.class.getName() + "; give one of them a @MessageName",
                refused.getMessage());
    }

    @Test
    void whatIsNoMessageIsRefused() {
        for (Class<?> type : List.of(String.class, Plain.class, NoMessage.class, Message.class, Colour.class)) {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> TypeRegistry.of(List.of(type)));
            assertTrue(refused.getMessage().startsWith("not a message type: class=" + type.getName() + "; "));
        }
    }

    @Test
    void sealedInterfaceThatPermitsAClassIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> TypeRegistry.of(List.of(Leaky.class)));
        assertThrows(IllegalArgumentException.class, () -> TypeRegistry.of(List.of(HasLeaky.class)));
    }

    @Test
    void badNameIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> TypeRegistry.of(List.of(Blank.class)));
        assertThrows(IllegalArgumentException.class, () -> TypeRegistry.of(List.of(Nameless.class)));
    }

    @Test
    void agreementNumbersBySenderAndSharesByName() {
        List<TypeEntry> there = List.of(bare("Unknown"), bare("TypeRegistryTest.Drop"), bare("LogMessage"));

        SharedTypes shared = TypeRegistry.of(List.of(Command.class)).agree(there, false);

        assertEquals(List.of(LogMessage.class, Drop.class), shared.inCommonOrder());
        assertEquals(0, shared.numberOf(LogMessage.class));
        assertEquals(2, shared.numberOf(Drop.class));
        assertEquals(-1, shared.numberOf(Add.class));
        assertEquals(-1, shared.numberOf(String.class));
        assertEquals(Optional.of(Drop.class), shared.messageAt(1));
        assertEquals(Optional.of(LogMessage.class), shared.messageAt(2));
        for (int number : new int[] {-1, 0, 3, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertEquals(Optional.empty(), shared.messageAt(number));
        }
    }

    @Test
    void nestedRecordIsSharedButNoMessage() {
        TypeRegistry registry = TypeRegistry.of(List.of(Question.class));

        SharedTypes shared = registry.agree(registry.entries(), true);

        assertEquals(Optional.empty(), shared.messageAt(shared.numberOf(InList.class)));
        assertEquals(Optional.of("TypeRegistryTest.InList"), shared.nameOf(InList.class));
        assertEquals(Optional.empty(), shared.nameOf(Plain.class));
    }

    @Test
    void otherHashIsNotSharedWhereShapesMustBeEqual() {
        TypeRegistry here = TypeRegistry.of(List.of(OneVersion.Holder.class));
        TypeRegistry there = TypeRegistry.of(List.of(OtherVersion.Holder.class));

        assertFalse(here.agree(there.entries(), true).inCommonOrder().contains(OneVersion.Holder.class));
        assertTrue(here.agree(there.entries(), false).inCommonOrder().contains(OneVersion.Holder.class));
        assertEquals(-1, here.agree(List.of(bare("Holder")), true).numberOf(OneVersion.Holder.class));
    }

    @Test
    void refusalsSayWhatToDo() {
        TypeEntry inside = entry("Inside", OneVersion.Holder.class);
        SharedTypes shared = TypeRegistry.of(List.of(OneVersion.Holder.class))
                .agree(List.of(new TypeEntry("Inside", "00000000", "(number: long)")), true);

        assertEquals(
                "declared differently on the two sides: type=Inside, here=(number: int) hash " + inside.hash()
                        + ", there=(number: long) hash 00000000; build both sides from the same classes",
                shared.whyNotShared(OneVersion.Inside.class));
        assertEquals(
                "not registered on the other side: type=Holder; register it there too",
                shared.whyNotShared(OneVersion.Holder.class));
        assertEquals(
                "not registered on this side: class=java.lang.String; register it on both sides",
                shared.whyNotShared(String.class));
    }

    /** Those of functions by name are always there. */
    private static List<String> names(Class<?>... types) {
        return allNames(types).stream()
                .filter(name -> !name.startsWith("streamipc."))
                .toList();
    }

    private static List<String> allNames(Class<?>... types) {
        return TypeRegistry.of(List.of(types)).entries().stream()
                .map(TypeEntry::name)
                .toList();
    }

    private static TypeEntry entry(String name, Class<?> type) {
        return TypeRegistry.of(List.of(type)).entries().stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static TypeEntry bare(String name) {
        return new TypeEntry(name, null, null);
    }

    enum Colour {
        RED,
        GREEN
    }

    record InList() {}

    record InMap() {}

    record InOptional() {}

    record InArray() {}

    record Answer() implements Message {}

    record Question(
            List<InList> list,
            Map<String, ? extends InMap> map,
            Optional<InOptional> optional,
            InArray[] array,
            Colour colour,
            int number)
            implements Request<Answer> {}

    sealed interface Command extends Message {}

    record Add(int number) implements Command {}

    sealed interface Dropping extends Command {}

    record Drop() implements Dropping {}

    record DropAll() implements Dropping {}

    interface Ask<X, R extends Message> extends Request<R> {}

    record Indirect() implements Ask<String, Answer> {}

    @MessageName("renamed")
    record Annotated() implements Message {}

    @MessageName("\ud83d\ude00")
    record Emoji() implements Message {}

    @MessageName("\uffee")
    record HalfWidth() implements Message {}

    @MessageName("two words")
    record Blank() implements Message {}

    @MessageName("")
    record Nameless() implements Message {}

    record Cyclic(List<Cyclic> children, Cyclic parent) implements Message {}

    record NoMessage() {}

    static class Plain implements Message {}

    sealed interface Leaky extends Message {}

    record Tight() implements Leaky {}

    static final class Loose implements Leaky {}

    record HasLeaky(List<Leaky> leaks) implements Message {}

    static final class OneVersion {

        @MessageName("Inside")
        record Inside(int number) {}

        @MessageName("Holder")
        record Holder(List<Inside> inside) implements Message {}
    }

    static final class OtherVersion {

        @MessageName("Inside")
        record Inside(long number) {}

        @MessageName("Holder")
        record Holder(List<Inside> inside) implements Message {}
    }
}
