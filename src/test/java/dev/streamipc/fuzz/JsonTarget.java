package dev.streamipc.fuzz;

import dev.streamipc.serial.json.ControlJson;
import dev.streamipc.serial.json.JsonMessageSerializer;
import java.io.IOException;
import java.util.Map;

/** Payloads in JSON, and the small objects of the protocol itself. */
public final class JsonTarget {

    static final Payloads PAYLOADS =
            new Payloads(new JsonMessageSerializer(), IOException.class, RichMessages.Anything.class);

    private JsonTarget() {}

    /** Loads what is used, which is not the cost of an input. */
    public static void fuzzerInitialize() {
        PAYLOADS.seeds().forEach(JsonTarget::fuzzerTestOneInput);
    }

    /** Takes one input. */
    public static void fuzzerTestOneInput(byte[] input) {
        PAYLOADS.take(input);
        if (input.length > 0) {
            Budget.hold(() -> control(input));
        }
    }

    private static void control(byte[] input) {
        Map<String, Object> object;
        try {
            object = ControlJson.read(input, 1, input.length - 1);
        } catch (IOException refused) {
            return;
        }
        ControlJson.write(object);
    }
}
