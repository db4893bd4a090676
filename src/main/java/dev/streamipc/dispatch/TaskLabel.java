package dev.streamipc.dispatch;

import dev.streamipc.message.FunctionCall;
import dev.streamipc.message.Request;

/** What people call a task. */
final class TaskLabel {

    private TaskLabel() {}

    static String of(Request<?> request) {
        return request instanceof FunctionCall call
                ? call.function()
                : request.getClass().getSimpleName();
    }
}
