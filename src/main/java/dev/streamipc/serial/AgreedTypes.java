package dev.streamipc.serial;

import dev.streamipc.message.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The types of a session. The two calls of the hot path are one look-up each and allocate nothing. */
final class AgreedTypes implements SharedTypes {

    private static final Integer NOT_SHARED = -1;

    private final List<Class<?>> common;
    private final Map<Class<?>, TypeEntry> here = new HashMap<>();
    private final Map<Class<?>, Optional<String>> names = new HashMap<>();
    private final Map<Class<?>, Integer> numbers = new HashMap<>();
    private final List<Optional<Class<? extends Message>>> messages = new ArrayList<>();
    private final Comparison comparison;

    AgreedTypes(List<Class<?>> classes, List<TypeEntry> entries, List<TypeEntry> other, Comparison comparison) {
        this.comparison = comparison;
        Map<String, Class<?>> shared = new HashMap<>();
        List<Class<?>> inOrder = new ArrayList<>();
        for (int number = 0; number < classes.size(); number++) {
            Class<?> type = classes.get(number);
            TypeEntry entry = entries.get(number);
            here.put(type, entry);
            names.put(type, Optional.of(entry.name()));
            if (comparison.isShared(entry)) {
                numbers.put(type, number);
                shared.put(entry.name(), type);
                inOrder.add(type);
            }
        }
        common = List.copyOf(inOrder);
        for (TypeEntry entry : other) {
            messages.add(message(shared.get(entry.name())));
        }
    }

    private static Optional<Class<? extends Message>> message(@Nullable Class<?> type) {
        return type != null && Message.class.isAssignableFrom(type)
                ? Optional.of(type.asSubclass(Message.class))
                : Optional.empty();
    }

    @Override
    public List<Class<?>> inCommonOrder() {
        return common;
    }

    @Override
    public Optional<String> nameOf(Class<?> type) {
        return names.getOrDefault(type, Optional.empty());
    }

    @Override
    public int numberOf(Class<?> type) {
        return numbers.getOrDefault(type, NOT_SHARED);
    }

    @Override
    public Optional<Class<? extends Message>> messageAt(int number) {
        return number >= 0 && number < messages.size() ? messages.get(number) : Optional.empty();
    }

    @Override
    public String whyNotShared(Class<?> type) {
        TypeEntry entry = here.get(type);
        if (entry == null) {
            return "not registered on this side: class=" + type.getName() + "; register it on both sides";
        }
        return comparison.whyNotShared(entry);
    }
}
