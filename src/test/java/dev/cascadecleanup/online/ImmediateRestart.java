package dev.cascadecleanup.online;

import dev.cascadecleanup.testing.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code pg_ctl restart -m immediate}: every session ends at once, and the server recovers as after a crash. */
final class ImmediateRestart {

    private ImmediateRestart() {}

    /** Returns when the server takes connections again. */
    static void of(TestDatabase database) throws Exception {
        Path data = Path.of(database.<String>value("SHOW data_directory"));
        String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0);
        Path binaries = Path.of("/proc", pid, "exe").toRealPath().getParent();
        List<String> command = new ArrayList<>();
        if (Files.getOwner(data).getName().equals("root")) {
            // As the library that started it: pg_ctl refuses to be run by root.
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(
                binaries.resolve("pg_ctl").toString(),
                "restart",
                "-m",
                "immediate",
                "-w",
                "-D",
                data.toString(),
                "-l",
                "/dev/null"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"))
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("pg_ctl restart answered " + process.exitValue());
        }
    }
}
