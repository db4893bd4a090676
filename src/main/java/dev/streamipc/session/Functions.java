package dev.streamipc.session;

import dev.streamipc.message.FunctionCall;
import dev.streamipc.message.FunctionValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The functions of a session by their names. What is called is only ever looked up here. For all threads. */
final class Functions {

    private static final int MAX_NAME_CHARS = 200;
    private static final int MAX_NAMES_TOLD = 20;

    private final ConcurrentSkipListMap<String, Entry> byName = new ConcurrentSkipListMap<>();

    /** Registers all of them, or none. */
    synchronized Subscription add(Map<String, ContextFunction> functions) {
        functions.keySet().forEach(this::check);
        Entry.Group group = new Entry.Group(this);
        functions.forEach((name, body) -> {
            Entry entry = new Entry(group, body);
            group.names.add(name);
            byName.put(name, entry);
        });
        return group;
    }

    private void check(String name) {
        boolean isPrintable = name.codePoints().noneMatch(Character::isISOControl);
        if (name.isEmpty() || name.length() > MAX_NAME_CHARS || !isPrintable) {
            throw new IllegalArgumentException("name of a function refused: name=" + name + "; give it 1 to "
                    + MAX_NAME_CHARS + " characters without control characters");
        }
        if (byName.containsKey(name)) {
            throw new IllegalArgumentException("name of a function is taken: name=" + name
                    + "; remove the other one first, or choose another name");
        }
    }

    /** Runs a function; null if none is registered under that name, or it is paused. */
    @Nullable
    FunctionValue answer(FunctionCall call, RequestContext context) throws Exception {
        Entry entry = byName.get(call.function());
        return entry == null || entry.group.isPaused() ? null : new FunctionValue(entry.body.handle(call, context));
    }

    /** Says which functions there are, as far as that is of use to somebody who asked for another. */
    String whyUnhandled(FunctionCall call) {
        List<String> known = new ArrayList<>();
        byName.keySet().stream().limit(MAX_NAMES_TOLD).forEach(known::add);
        String asked = call.function().substring(0, Math.min(call.function().length(), MAX_NAME_CHARS));
        return "no such function: function=" + asked + ", known=" + known + ", knownCount=" + byName.size()
                + "; register it on the other side";
    }

    /** One function. */
    private record Entry(Group group, ContextFunction body) {

        /** What was registered together. */
        private static final class Group extends Pausable {

            private final Functions owner;
            private final List<String> names = new ArrayList<>();

            Group(Functions owner) {
                this.owner = owner;
            }

            @Override
            public void close() {
                for (String name : names) {
                    owner.byName.computeIfPresent(name, (key, entry) -> entry.group == this ? null : entry);
                }
            }
        }
    }
}
