package dev.streamipc.session;

import dev.streamipc.channel.TcpChannel;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** A process that connects to a port and answers there. The first handler waits for a byte on stdin if it is asked to. */
final class TcpChild {

    private TcpChild() {}

    public static void main(String[] args) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build()) {
            IpcSession session = peer.createSession(TcpChannel.over(socket), Role.CHILD);
            session.onRequest(Ask.class, ask -> {
                if (ask.text().equals("wait")) {
                    System.in.read();
                }
                return new Answer(ask.text() + "!");
            });
            session.onRequest(Samples.Blob.class, blob -> new Samples.BlobBack(blob.bytes()));
            session.serve();
        }
    }
}
