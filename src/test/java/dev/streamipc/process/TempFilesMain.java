package dev.streamipc.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes a temporary directory, prints its path and ends, unless it is to stay. */
final class TempFilesMain {

    private TempFilesMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path made = TempFiles.directory("left");
        Files.writeString(made.resolve("file"), "x");
        System.out.println(made);
        if (arguments.length > 0) {
            Thread.currentThread().join();
        }
    }
}
