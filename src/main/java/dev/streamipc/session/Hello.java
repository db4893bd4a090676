package dev.streamipc.session;

import dev.streamipc.serial.TypeEntry;
import dev.streamipc.serial.json.ControlJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The first frame of a side, as data. Its JSON is laid down in {@code docs/PROTOCOL.md}, section 5. */
record Hello(
        int lowestVersion,
        int highestVersion,
        Role role,
        String name,
        List<String> serializers,
        List<TypeEntry> types,
        int maxPayloadBytes,
        int salt,
        List<String> features,
        @Nullable String token) {

    static final int VERSION = 1;
    static final int MAX_BYTES = 65_536;
    private static final String PROTOCOL = "stream-ipc";
    private static final int MINOR = 0;

    /** Writes the payload; leaves the shapes out if it would be too long with them. */
    byte[] toJson() throws IOException {
        byte[] whole = ControlJson.write(toMap(true));
        byte[] json = whole.length <= MAX_BYTES ? whole : ControlJson.write(toMap(false));
        if (json.length > MAX_BYTES) {
            throw new IOException("hello over the limit: lengthBytes=" + json.length + ", maxBytes=" + MAX_BYTES
                    + ", types=" + types.size() + "; register fewer types");
        }
        return json;
    }

    private Map<String, @Nullable Object> toMap(boolean withShapes) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("protocol", PROTOCOL);
        map.put("versions", List.of((long) lowestVersion, (long) highestVersion));
        map.put("minor", (long) MINOR);
        map.put("role", role.name().toLowerCase(java.util.Locale.ROOT));
        map.put("name", name);
        map.put("serializers", serializers);
        map.put("types", types.stream().map(type -> typeMap(type, withShapes)).toList());
        map.put("limits", Map.of("maxPayloadBytes", (long) maxPayloadBytes));
        map.put("features", features);
        map.put("salt", HexFormat.of().toHexDigits(salt));
        if (token != null) {
            map.put("token", token);
        }
        ProcessHandle self = ProcessHandle.current();
        map.put("pid", self.pid());
        map.put(
                "startedAtMillis",
                self.info().startInstant().map(at -> at.toEpochMilli()).orElse(null));
        return map;
    }

    private static Map<String, Object> typeMap(TypeEntry type, boolean withShapes) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", type.name());
        if (type.hash() != null) {
            map.put("hash", type.hash());
        }
        if (withShapes && type.shape() != null) {
            map.put("shape", type.shape());
        }
        return map;
    }

    /** Reads a payload. Unknown fields are ignored; anything missing or of a wrong kind is an IOException that says so. */
    static Hello fromJson(byte[] payload, int offset, int length) throws IOException {
        JsonFields fields = new JsonFields(ControlJson.read(payload, offset, length));
        if (!PROTOCOL.equals(fields.text("protocol"))) {
            throw new IOException("hello of another protocol: protocol=" + fields.text("protocol"));
        }
        List<?> versions = fields.list("versions");
        return new Hello(
                JsonFields.asInt("versions", versions.isEmpty() ? null : versions.get(0)),
                JsonFields.asInt("versions", versions.size() < 2 ? null : versions.get(1)),
                role(fields.text("role")),
                Optional.ofNullable(fields.textOrNull("name")).orElse("without a name"),
                fields.texts("serializers"),
                types(fields.list("types")),
                maxPayloadBytes(fields.object("limits")),
                salt(fields.text("salt")),
                fields.has("features") ? fields.texts("features") : List.of(),
                fields.textOrNull("token"));
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "Hello[name=" + name + ", role=" + role + "]";
    }

    private static Role role(String text) throws IOException {
        return switch (text) {
            case "parent" -> Role.PARENT;
            case "child" -> Role.CHILD;
            default -> throw new IOException("hello with an unknown role: role=" + text);
        };
    }

    private static List<TypeEntry> types(List<?> entries) throws IOException {
        List<TypeEntry> types = new ArrayList<>(entries.size());
        for (Object entry : entries) {
            JsonFields fields = JsonFields.of("types", entry);
            types.add(new TypeEntry(fields.text("name"), fields.textOrNull("hash"), fields.textOrNull("shape")));
        }
        return types;
    }

    private static int maxPayloadBytes(JsonFields limits) throws IOException {
        long bytes = limits.number("maxPayloadBytes");
        if (bytes < Limits.LEAST_MAX_PAYLOAD_BYTES) {
            throw new IOException("hello with a limit under the least: maxPayloadBytes=" + bytes + ", leastBytes="
                    + Limits.LEAST_MAX_PAYLOAD_BYTES);
        }
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }

    private static int salt(String hex) throws IOException {
        try {
            int salt = hex.length() == 2 * Integer.BYTES ? HexFormat.fromHexDigits(hex) : 0;
            if (salt != 0) {
                return salt;
            }
        } catch (IllegalArgumentException notHex) {
            throw new IOException("hello with a malformed salt: salt=" + hex, notHex);
        }
        throw new IOException("hello with a malformed salt: salt=" + hex);
    }
}
