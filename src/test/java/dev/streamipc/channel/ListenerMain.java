package dev.streamipc.channel;

import java.nio.file.Path;

/** Listens at a path, or in a private folder, says where, and stays. */
final class ListenerMain {

    private ListenerMain() {}

    public static void main(String[] args) throws Exception {
        UnixListener listener =
                args[0].equals("at") ? UnixListener.at(Path.of(args[1])) : UnixListener.inPrivate(Path.of(args[1]));
        System.out.println(listener.path());
        Thread.currentThread().join();
    }
}
