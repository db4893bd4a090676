package dev.streamipc.process;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real children on a class path of one jar, and the archives that they make. */
@Timeout(120)
class OnOneJar {

    @TempDir
    Path folder;

    Path jar;
    Archives archives;
    PackedClassPath classPath;

    @BeforeEach
    void packs() throws IOException {
        jar = PackedClassPath.jar(folder.resolve("a.jar"), EchoMain.class);
        archives = new Archives(folder.resolve("archives"));
        classPath = PackedClassPath.of(jar, folder.resolve("missing.jar"));
    }

    @AfterEach
    void restores() {
        archives.awaitEnd();
        classPath.close();
    }
}
