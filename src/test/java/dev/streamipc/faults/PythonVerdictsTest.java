package dev.streamipc.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.frame.Frame;
import dev.streamipc.frame.FrameDecoder;
import dev.streamipc.frame.FrameSink;
import dev.streamipc.frame.Kind;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The decoder of Java and that of Python find the same in the same bytes, however damaged. */
@Timeout(120)
class PythonVerdictsTest {

    static final int HEADERS = 256 * 256;
    static final int FLIPS = 30_000;
    static final int CLAIMS = LengthsTest.KINDS * LengthsTest.Claim.values().length;
    static final int CUTS = 5_000;
    private static final int MAX_PAYLOAD_BYTES = 1 << 20;
    private static final int SHOWN = 5;
    private static final Matrix MATRIX = Matrix.of(PythonVerdictsTest.class);

    private final Random random = new Random(11);

    /** Bytes behind a HELLO with this salt. */
    private record Stream(int salt, byte[] bytes) {}

    @Test
    void bothDecodersFindTheSame(@TempDir Path folder) throws Exception {
        MATRIX.runAtOnce("python.same-verdict", Combo.BYTES, evidence -> {
            List<Stream> streams = streams();
            Path cases = folder.resolve("cases");
            try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(cases)))) {
                for (Stream stream : streams) {
                    out.writeInt(stream.salt);
                    out.writeInt(stream.bytes.length);
                    out.write(stream.bytes);
                }
            }
            List<String> found = python(folder, cases);
            assertEquals(streams.size(), found.size());
            int differences = 0;
            for (int i = 0; i < found.size(); i++) {
                String here = verdict(streams.get(i));
                if (!here.equals(found.get(i)) && differences++ < SHOWN) {
                    evidence.violation("stream " + i + ": java=" + here + ", python=" + found.get(i));
                }
            }
            evidence.proof("streams", found.size()).count("streams on which Java and Python differ", differences);
            assertEquals(Plan.row("python.same-verdict").cases(Profile.current()), found.size(), "streams");
        });
    }

    private static List<String> python(Path folder, Path cases) throws Exception {
        Path script = Files.writeString(folder.resolve("verdicts.py"), PythonScripts.VERDICTS);
        Path verdicts = folder.resolve("verdicts");
        ProcessBuilder builder = new ProcessBuilder("python3", script.toString(), cases.toString())
                .redirectOutput(verdicts.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment()
                .put("PYTHONPATH", Path.of("python", "src").toAbsolutePath().toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(90, TimeUnit.SECONDS), "the Python decoder takes too long");
            assertEquals(0, process.exitValue());
        } finally {
            process.destroyForcibly();
        }
        return Files.readAllLines(verdicts);
    }

    private List<Stream> streams() throws Exception {
        List<Stream> streams = new ArrayList<>();
        byte[] good = new Headers.Head(1, Kind.NOTIFY.number(), 1, 0, WireSide.SALT).with(new byte[9]);
        for (int number = 0; number < HEADERS; number++) {
            int version = number % 16 == 0 ? HeaderTableTest.VERSIONS[number / 16 % 5] : 1;
            int flags = number % 256 << (number % 7 == 0 ? 8 : 0);
            byte[] cell = new Headers.Head(version, number / 256, flags, number % 3, WireSide.SALT).with(new byte[3]);
            streams.add(new Stream(WireSide.SALT, joined(good, cell, good)));
        }
        for (int number = 0; number < CLAIMS; number++) {
            int kind = 1 + number % LengthsTest.KINDS;
            int length = LengthsTest.Claim.values()[number / LengthsTest.KINDS].bytes(MAX_PAYLOAD_BYTES);
            byte[] header = new Headers.Head(1, kind, 1, 0, WireSide.SALT).claiming(length);
            streams.add(new Stream(WireSide.SALT, joined(good, header, good)));
        }
        List<RealFrames.Found> real = RealFrames.all();
        for (int number = 0; number < FLIPS; number++) {
            RealFrames.Found frame = real.get(number % real.size());
            byte[] flipped = frame.bytes().clone();
            for (int flips = 1 + number % 5; flips > 0; flips--) {
                flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
            }
            streams.add(new Stream(frame.salt(), joined(frame.before(), flipped, frame.after())));
        }
        for (int number = 0; number < CUTS; number++) {
            streams.add(cut(real.get(number % real.size())));
        }
        return streams;
    }

    /** Some of a frame, some noise, and the frames beside it. */
    private Stream cut(RealFrames.Found frame) {
        byte[] some = Arrays.copyOf(frame.bytes(), random.nextInt(frame.bytes().length));
        byte[] noise = new byte[random.nextInt(12)];
        random.nextBytes(noise);
        byte[] magic = Arrays.copyOf(frame.bytes(), random.nextInt(5));
        return new Stream(frame.salt(), joined(frame.before(), some, noise, magic, frame.after(), frame.before()));
    }

    private static byte[] joined(byte[]... pieces) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(pieces).mapToInt(piece -> piece.length).sum());
        for (byte[] piece : pieces) {
            all.put(piece);
        }
        return all.array();
    }

    private static String verdict(Stream stream) {
        Verdict verdict = new Verdict();
        FrameDecoder decoder = new FrameDecoder(verdict, MAX_PAYLOAD_BYTES, true);
        decoder.salt(stream.salt);
        ByteBuffer room = decoder.room();
        room.put(stream.bytes);
        decoder.received(stream.bytes.length);
        decoder.end();
        verdict.endJunk();
        return verdict.text.toString();
    }

    /** What was found, in the words of the Python script. */
    private static final class Verdict implements FrameSink {

        private final StringBuilder text = new StringBuilder();
        private final CRC32 junk = new CRC32();
        private int junkBytes;

        private void endJunk() {
            if (junkBytes > 0) {
                text.append("j.")
                        .append(junkBytes)
                        .append('.')
                        .append(junk.getValue())
                        .append(' ');
                junk.reset();
                junkBytes = 0;
            }
        }

        private void head(String kind, Frame frame) {
            endJunk();
            text.append(kind)
                    .append(frame.kind().number())
                    .append('.')
                    .append(frame.flags())
                    .append('.');
            text.append(Long.toUnsignedString(frame.id()));
        }

        @Override
        public void frame(Frame frame) {
            head("f", frame);
            CRC32 crc = new CRC32();
            crc.update(frame.payload(), frame.payloadOffset(), frame.payloadLength());
            text.append('.').append(crc.getValue()).append(' ');
        }

        @Override
        public void damaged(Frame head) {
            head("d", head);
            text.append(' ');
        }

        @Override
        public void junk(byte[] bytes, int offset, int length) {
            junk.update(bytes, offset, length);
            junkBytes += length;
        }

        @Override
        public void violation(String rule, long offsetBytes, String hexNear) {
            endJunk();
            text.append("v.").append(offsetBytes).append(' ');
        }
    }
}
