package dev.streamipc.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A supervisor of puppets under virtual time: what is done to them is written down, what they do the test says. */
final class Rig {

    /** What puppets of a name leave undone or do wrong. */
    enum Habit {
        START_HANGS,
        START_THROWS,
        STOP_HANGS,
        STOP_THROWS,
        KILL_HANGS,
        KILL_THROWS
    }

    static final class Trouble extends Exception {

        private static final long serialVersionUID = 1L;

        Trouble(String text) {
            super(text);
        }
    }

    final VirtualTime time = new VirtualTime();
    final List<String> trace = new ArrayList<>();
    final List<SupervisionEvent> events = new ArrayList<>();

    private final Map<String, Puppet> last = new HashMap<>();
    private final Map<String, Set<Habit>> habits = new HashMap<>();
    private @Nullable Supervisor supervisor;

    ChildSpec.Builder child(String name) {
        return ChildSpec.builder(name, () -> puppet(name));
    }

    Puppet puppet(String name) {
        Puppet puppet = new Puppet(name);
        last.put(name, puppet);
        return puppet;
    }

    ChildSpec child(String name, RestartType type) {
        return child(name).restart(type).build();
    }

    static SupervisorSpec.Builder spec(RestartStrategy strategy) {
        return SupervisorSpec.builder("root").strategy(strategy).backoff(Backoff.NONE);
    }

    /** Starts a supervisor of permanent children without backoff. */
    Supervisor start(RestartStrategy strategy, String... names) {
        SupervisorSpec.Builder spec = spec(strategy);
        for (String name : names) {
            spec.child(child(name).build());
        }
        return start(spec);
    }

    Supervisor start(SupervisorSpec.Builder spec) {
        return start(spec, Runnable::run);
    }

    Supervisor start(SupervisorSpec.Builder spec, Executor executor) {
        Supervisor made = Supervisor.builder(spec.build())
                .scheduler(time)
                .executor(executor)
                .seed(1)
                .build();
        supervisor = made;
        made.observe(events::add);
        made.start();
        return made;
    }

    void habits(String name, Habit... of) {
        habits.put(name, of.length == 0 ? EnumSet.noneOf(Habit.class) : EnumSet.of(of[0], of));
    }

    Puppet last(String name) {
        return last.get(name);
    }

    void fails(String name) {
        last(name).life().ended(new Trouble(name));
    }

    void ends(String name) {
        last(name).life().ended(null);
    }

    void advance(Duration by) {
        time.advance(by);
    }

    /** Returns what was done since the last call. */
    List<String> traced() {
        List<String> copy = List.copyOf(trace);
        trace.clear();
        return copy;
    }

    String state(String path) {
        return root().snapshot()
                .find(path)
                .map(found -> found.state().toString())
                .orElse("gone");
    }

    private Supervisor root() {
        if (supervisor == null) {
            throw new AssertionError("not started");
        }
        return supervisor;
    }

    <E extends SupervisionEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    final class Puppet implements Supervised {

        private final String name;
        private @Nullable Life life;

        Puppet(String name) {
            this.name = name;
        }

        Life life() {
            if (life == null) {
                throw new AssertionError("not started: " + name);
            }
            return life;
        }

        private boolean has(Habit habit) {
            return habits.getOrDefault(name, Set.of()).contains(habit);
        }

        @Override
        public void start(Life news) throws Trouble {
            trace.add("start " + name);
            life = news;
            if (has(Habit.START_THROWS)) {
                throw new Trouble("start of " + name);
            } else if (!has(Habit.START_HANGS)) {
                news.started();
            }
        }

        @Override
        public void stop() throws Trouble {
            trace.add("stop " + name);
            if (has(Habit.STOP_THROWS)) {
                throw new Trouble("stop of " + name);
            } else if (!has(Habit.STOP_HANGS)) {
                life().ended(null);
            }
        }

        @Override
        public void kill() throws Trouble {
            trace.add("kill " + name);
            if (has(Habit.KILL_THROWS)) {
                throw new Trouble("kill of " + name);
            } else if (!has(Habit.KILL_HANGS)) {
                life().ended(new Trouble("killed"));
            }
        }
    }
}
