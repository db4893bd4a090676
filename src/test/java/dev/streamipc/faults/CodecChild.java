package dev.streamipc.faults;

import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A child whose messages fail as they say. Arguments: how it is driven, and its serializer. */
final class CodecChild {

    private static final AtomicInteger ENTERED = new AtomicInteger();

    private CodecChild() {}

    public static void main(String[] args) throws Exception {
        Planted.thisIsTheChild();
        try (IpcPeer peer = IpcPeer.builder()
                .messages(Talk.ALL)
                .messages(Fickle.class, Fickle.Back.class)
                .serializers(PlantedSerializer.named(args[1]))
                .build()) {
            IpcSession session = peer.createStdioSession();
            session.onRequest(Fickle.class, fickle -> {
                ENTERED.incrementAndGet();
                return new Fickle.Back(fickle.fault(), 7);
            });
            session.onRequest(Talk.Ask.class, ask -> new Talk.Answer(answer(ask.text())));
            if (args[0].equals("pump")) {
                session.serve();
            } else {
                session.start();
                session.awaitClosed(Duration.ofMinutes(5));
            }
        }
    }

    private static String answer(String text) throws IOException {
        return switch (text) {
            case "facts" -> ENTERED.get() + " " + Planted.facts();
            case "print" -> print();
            default -> text;
        };
    }

    /** Past the guard, onto the stream itself, and with the start of a frame in it. */
    private static String print() throws IOException {
        try (FileOutputStream out = new FileOutputStream(FileDescriptor.out) {
            @Override
            public void close() {}
        }) {
            out.write("noise \u00fa\u00c1 \n".repeat(1_000).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            out.write(new byte[] {(byte) 0xFA, (byte) 0xC1, (byte) 0xF5, (byte) 0xFD, 1, 4});
            out.write(new byte[1 << 18]);
        }
        return "printed";
    }
}
