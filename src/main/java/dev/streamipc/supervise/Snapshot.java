package dev.streamipc.supervise;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One node of a tree of supervisors as it was at one moment. Each supervisor with its children is of one moment;
 * supervisors below it may be of a slightly later one.
 *
 * @param name what it is called among its siblings
 * @param state where it stands
 * @param restarts how often a failure or an end of it led to a restart; 0 for the root
 * @param lastFailure the last failure; null if there was none
 * @param children in the order of starts; empty if it is no supervisor, or one that does not run
 */
public record Snapshot(
        String name,
        ChildState state,
        long restarts,
        @Nullable Throwable lastFailure,
        List<Snapshot> children) {

    /** Copies the children. */
    public Snapshot {
        children = List.copyOf(children);
    }

    /**
     * Returns a node below this one.
     *
     * @param path names with slashes between them, without that of this node
     * @return the node; empty if there is none
     */
    public Optional<Snapshot> find(String path) {
        int slash = path.indexOf('/');
        String first = slash < 0 ? path : path.substring(0, slash);
        Optional<Snapshot> child =
                children.stream().filter(each -> each.name().equals(first)).findFirst();
        return slash < 0 ? child : child.flatMap(each -> each.find(path.substring(slash + 1)));
    }

    /**
     * Returns how many children are in a state.
     *
     * @param wanted the state
     * @return 0 or more; those further below are not counted
     */
    public long count(ChildState wanted) {
        return children.stream().filter(each -> each.state() == wanted).count();
    }
}
