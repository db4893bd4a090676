package dev.streamipc.process;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.streamipc.channel.IpcChannel;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;

/** A child that prints, reads {@code System.in}, and then sends back every byte until its input ends. */
final class TakeoverChild {

    private TakeoverChild() {}

    public static void main(String[] args) throws Exception {
        System.out.write('<');
        IpcChannel channel = StdioTakeover.take();
        System.out.println("printed");
        System.out.println("in=" + System.in.read());
        System.out.println("second=" + secondTake());
        System.out.println("capacityBytes=" + channel.capacityBytes() + ", junk=" + channel.mayCarryJunk());
        echo(channel);
    }

    private static String secondTake() {
        try {
            StdioTakeover.take();
            return "allowed";
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
    }

    private static void echo(IpcChannel channel) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(1 << 17);
        // an interrupted thread must neither lose the channel nor its flag
        Thread.currentThread().interrupt();
        while (channel.read(bytes) >= 0) {
            channel.write(bytes.flip());
            bytes.clear();
        }
        channel.close();
        System.err.println("interrupted=" + Thread.interrupted());
        // stays for a while: the parent has to see the end of our output by our close alone
        new CountDownLatch(1).await(30, SECONDS);
    }
}
