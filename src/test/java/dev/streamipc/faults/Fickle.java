package dev.streamipc.faults;

import dev.streamipc.message.Message;
import dev.streamipc.message.Request;

/** A request whose constructor or accessor may fail, as its own text says. */
record Fickle(String fault, int number) implements Request<Fickle.Back> {

    Fickle {
        if (!fault.startsWith("parent")) {
            // the parent makes it, and has its own answer to fail with
            Planted.at("decode-record", fault);
        }
    }

    @Override
    public int number() {
        Planted.at("encode-record", fault);
        return number;
    }

    /** Its answer, which may fail likewise. */
    record Back(String fault, int number) implements Message {

        Back {
            Planted.at("decode-record", fault);
        }

        @Override
        public int number() {
            Planted.at("encode-record", fault);
            return number;
        }
    }
}
