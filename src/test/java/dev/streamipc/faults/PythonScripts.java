package dev.streamipc.faults;

/** The Python children of the fault rows. */
final class PythonScripts {

    private PythonScripts() {}

    static final String CODEC_CHILD = """
            import os
            from streamipc import Session, message

            facts = {"entered": 0, "thrown": 0, "last": ""}


            class Mute(Exception):
                def __str__(self):
                    raise ValueError("no words")


            def deeper(depth):
                return deeper(depth + 1) + 1


            def planted(step, fault):
                prefix = "child-%s-record-" % step
                if not fault.startswith(prefix):
                    return 7
                facts["thrown"] += 1
                facts["last"] = fault
                how = fault[len(prefix):]
                text = "planted in process %d" % os.getpid()
                if how == "exception":
                    raise ValueError(text)
                if how == "error":
                    raise AssertionError(text)
                if how == "stack":
                    deeper(0)
                if how == "memory":
                    return bytes(1 << 61)
                if how == "mute":
                    raise Mute()
                return "not a number"


            @message(name="Talk.Ask")
            class Ask:
                text: str


            @message(name="Talk.Answer")
            class Answer:
                text: str


            @message
            class Fickle:
                fault: str
                number: int

                def __post_init__(self):
                    planted("decode", self.fault)


            @message(name="Fickle.Back")
            class Back:
                fault: str
                number: int

                def __getattribute__(self, name):
                    if name == "number":
                        return planted("encode", self.fault)
                    return object.__getattribute__(self, name)


            stdout = os.readlink("/proc/self/fd/1")
            session = Session.stdio()


            def print_past_the_guard():
                for name in os.listdir("/proc/self/fd"):
                    if os.path.exists("/proc/self/fd/" + name) and os.readlink("/proc/self/fd/" + name) == stdout:
                        os.write(int(name), b"noise \\xfa\\xc1" * 10000)


            @session.on_request(Fickle)
            def fickle(asked):
                facts["entered"] += 1
                return Back(asked.fault, 7)


            @session.on_request(Ask)
            def ask(asked):
                if asked.text == "print":
                    print_past_the_guard()
                    return Answer("printed")
                return Answer("%(entered)d %(thrown)d %(last)s" % facts)


            session.serve()
            """;

    /** Reads streams from a file, each behind its salt and its length, and prints a line of what is in each. */
    static final String VERDICTS = """
            import sys
            from zlib import crc32

            from streamipc._decoder import DAMAGED, JUNK, VIOLATION, Decoder


            def told(events):
                line, junk = "", b""
                for kind, flags, call_id, payload in events:
                    if kind == JUNK:
                        junk += payload
                        continue
                    if junk:
                        line, junk = line + "j.%d.%d " % (len(junk), crc32(junk)), b""
                    if kind == DAMAGED:
                        line += "d%d.%d.%d " % (payload[0], flags, call_id)
                    elif kind == VIOLATION:
                        line += "v.%d " % call_id
                    else:
                        line += "f%d.%d.%d.%d " % (kind, flags, call_id, crc32(payload))
                return line + ("j.%d.%d " % (len(junk), crc32(junk)) if junk else "")


            with open(sys.argv[1], "rb") as file:
                data = file.read()
            at, lines = 0, []
            while at < len(data):
                end = at + 8 + int.from_bytes(data[at + 4:at + 8], "big")
                decoder = Decoder(1 << 20, data[at:at + 4])
                lines.append(told(decoder.feed(data[at + 8:end]) + decoder.end()))
                at = end
            print("\\n".join(lines))
            """;

    static final String CALLBACK_CHILD = """
            import sys
            from streamipc import Session, Undecodable, message


            class Mute(Exception):
                def __str__(self):
                    raise ValueError("no words")


            @message(name="Talk.Ask")
            class Ask:
                text: str


            @message(name="Talk.Answer")
            class Answer:
                text: str


            @message(name="Talk.Note")
            class Note:
                number: int


            @message(name="Talk.Blob")
            class Blob:
                bytes: bytes


            @message(name="Talk.BlobBack")
            class BlobBack:
                bytes: bytes

                def __post_init__(self):
                    if self.bytes == b"exit":
                        sys.exit(3)


            session = Session.stdio()


            def harm(how):
                if how == "RAISES":
                    raise ValueError("planted")
                if how == "RAISES_MUTE":
                    raise Mute()
                if how == "BLOCKS":
                    session.call(Blob(b"x"))
                    return "released"
                if how == "ASKS":
                    return session.call(Ask("hi")).text
                if how == "ANSWER_RAISES_EXIT":
                    try:
                        return session.call(Blob(b"exit")).text
                    except Undecodable:
                        return "undecodable"
                if how == "CLOSES":
                    session.close()
                    return "closed"
                if how == "ENDS_THE_PROGRAM":
                    sys.exit(3)
                return how


            @session.on_request(Ask)
            def ask(asked):
                return Answer(harm(asked.text))


            @session.on_message(Note)
            def note(noted):
                raise ValueError("planted")


            session.serve()
            """;
}
