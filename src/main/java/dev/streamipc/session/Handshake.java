package dev.streamipc.session;

import dev.streamipc.frame.Feature;
import dev.streamipc.serial.MessageSerializer;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Our HELLO, and what it comes to together with the other side's. */
final class Handshake {

    private final PeerSettings settings;
    private final Hello ours;

    Handshake(PeerSettings settings, Role role, int salt, @Nullable String token) {
        this.settings = settings;
        this.ours = new Hello(
                Hello.VERSION,
                Hello.VERSION,
                role,
                "stream-ipc " + version() + ", Java " + Runtime.version().feature() + ", pid "
                        + ProcessHandle.current().pid(),
                settings.serializers().stream().map(MessageSerializer::name).toList(),
                settings.registry().entries(),
                settings.limits().maxPayloadBytes(),
                salt,
                Feature.wireNames(),
                token);
    }

    private static String version() {
        String version = Handshake.class.getPackage().getImplementationVersion();
        return version == null ? "0.1.0" : version;
    }

    Hello ours() {
        return ours;
    }

    /**
     * Compares the two sides.
     *
     * @throws IOException if they can't talk; its text names both sides
     */
    Agreement agree(Hello other) throws IOException {
        if (other.lowestVersion() > ours.highestVersion() || other.highestVersion() < ours.lowestVersion()) {
            throw refusal("no common version", versions(ours), versions(other), other);
        }
        // the salt first: the JDK makes the equals of a record at its first use, which takes 10 ms
        if (other.salt() == ours.salt() && other.equals(ours)) {
            throw new IOException("the other side sends back what it gets, as cat does; start a stream-ipc program");
        }
        if (other.role() == ours.role()) {
            throw refusal(
                    "both sides have the same role",
                    ours.role().name(),
                    other.role().name(),
                    other);
        }
        MessageSerializer serializer = serializer(other);
        return new Agreement(
                serializer,
                settings.registry().agree(other.types(), serializer.needsEqualShapes()),
                Feature.named(other.features()),
                other);
    }

    private MessageSerializer serializer(Hello other) throws IOException {
        boolean parent = ours.role() == Role.PARENT;
        List<String> preferred = parent ? ours.serializers() : other.serializers();
        List<String> offered = parent ? other.serializers() : ours.serializers();
        for (String name : preferred) {
            if (offered.contains(name)) {
                return byName(name);
            }
        }
        throw refusal(
                "no common serializer",
                ours.serializers().toString(),
                other.serializers().toString(),
                other);
    }

    private MessageSerializer byName(String name) {
        return settings.serializers().stream()
                .filter(serializer -> serializer.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String versions(Hello hello) {
        return hello.lowestVersion() + " to " + hello.highestVersion();
    }

    private IOException refusal(String what, String ourFact, String theirFact, Hello other) {
        return new IOException(what + ": " + ours.role() + " " + ours.name() + " has " + ourFact + ", " + other.role()
                + " " + other.name() + " has " + theirFact);
    }
}
