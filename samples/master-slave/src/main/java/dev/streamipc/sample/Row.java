package dev.streamipc.sample;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of the result.
 *
 * @param answer null if there is an error
 * @param slave who answered, empty if there is an error
 * @param error empty if there is none
 */
record Row(FileName name, @Nullable FileResponse answer, String slave, String error) {

    static Row found(FileName name, FileResponse answer, String slave) {
        return new Row(name, answer, slave, "");
    }

    static Row failed(FileName name, String error) {
        return new Row(name, null, "", error);
    }

    /** Returns the fields of a JSON object. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("path", name.text());
        if (answer == null) {
            fields.put("error", error);
        } else {
            fields.put("bytes", answer.bytes());
            fields.put("lines", answer.lines());
            fields.put("sha256", answer.sha256());
            fields.put("slave", slave);
        }
        return fields;
    }
}
