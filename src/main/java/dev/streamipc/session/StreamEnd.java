package dev.streamipc.session;

import dev.streamipc.message.Message;

/** What a handler that has sent its parts answers with. It stands for a frame and never travels. */
record StreamEnd() implements Message {

    static final StreamEnd ANSWER = new StreamEnd();
}
