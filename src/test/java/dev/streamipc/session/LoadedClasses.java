package dev.streamipc.session;

import dev.streamipc.process.Child;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a JVM child that answers one call and ends has loaded.
 *
 * @param answer to {@code hi}
 * @param classes a line each, as the JVM logs it
 */
record LoadedClasses(Answer answer, String classes) {

    static LoadedClasses of(Class<?> main, Path folder) throws IOException {
        Path log = folder.resolve("classes.txt");
        Answer answer;
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build()) {
            IpcSession session = peer.spawn(Child.java(main).jvmOptions("-Xlog:class+load=info:file=" + log));
            answer = session.call(new Ask("hi"));
            session.close();
            session.exited().join();
        }
        return new LoadedClasses(answer, Files.readString(log));
    }
}
