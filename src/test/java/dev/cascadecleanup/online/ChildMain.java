package dev.cascadecleanup.online;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.testing.Gate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A process of its own that migrates, or erases user 1, when it is told to. {@link ChildJvm} is its other end: one line for each command and each
 * event, fields separated by tabs.
 */
final class ChildMain {

    /** The name under which its sessions are to be seen. */
    static final String APPLICATION_NAME = "victim";

    /** Of a few rows too, and waiting for locks as long as it takes. */
    static final EraseOptions IN_STEPS = EraseOptions.defaults()
            .withDrainAbove(10)
            .withStepGoal(Duration.ofMinutes(1))
            .withLockTimeout(Duration.ofMinutes(5));

    private final Semaphore mayGoOn = new Semaphore(0);

    private ChildMain() {}

    public static void main(String[] arguments) throws Exception {
        // What a warm process has loaded already.
        Migrations.configureUndo(new PGSimpleDataSource()).load();
        say("READY", "");
        new ChildMain().obey();
    }

    private void obey() throws IOException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            switch (line) {
                case "GO" -> mayGoOn.release();
                case "CUT" -> {
                    CuttableSockets.cut();
                    mayGoOn.release();
                }
                default -> startToWork(line.split("\t", -1));
            }
        }
        // Whoever started this process is gone.
        Runtime.getRuntime().halt(0);
    }

    private void startToWork(String[] command) {
        Background.start("work", () -> {
            work(command);
            return null;
        });
    }

    /** Work, URL, user, whether Flyway's lock is one of a transaction, a pattern of the statements to stop at or nothing. */
    private void work(String[] command) {
        try {
            CuttableSockets.mend();
            mayGoOn.drainPermits();
            DataSource dataSource = dataSource(command[1], command[2], command[4]);
            if (command[0].equals("ERASE")) {
                CascadeCleanup.of(dataSource).erase("1", IN_STEPS);
            } else {
                migrate(command[0], dataSource, Boolean.parseBoolean(command[3]));
            }
            say("DONE", "");
        } catch (Throwable e) {
            say("FAILED", String.valueOf(e));
        }
    }

    private DataSource dataSource(String url, String user, String stopAt) {
        PGSimpleDataSource plain = new PGSimpleDataSource();
        plain.setUrl(url);
        plain.setUser(user);
        plain.setApplicationName(APPLICATION_NAME);
        plain.setSocketFactory(CuttableSockets.class.getName());
        return stopAt.isEmpty() ? plain : new ToldToGoOn(Pattern.compile(stopAt)).guard(plain);
    }

    private static void migrate(String work, DataSource dataSource, boolean transactionalLock) {
        FluentConfiguration configuration = Migrations.withTransactionalLock(
                        work.startsWith("UNDO")
                                ? Migrations.configureUndo(dataSource)
                                : Migrations.configure(dataSource),
                        transactionalLock)
                .placeholders(Map.of(
                        "cascade_max_wait",
                        "60s",
                        "cascade_lock_timeout",
                        "2s",
                        "cascade_indexes",
                        work.endsWith("_INDEXES") ? "create" : "warn"));
        if (work.equals("REPEAT")) {
            Repetition.migrateAndUndoForever(configuration);
        }
        configuration.load().migrate();
    }

    private static void say(String event, String text) {
        System.out.println(ChildJvm.EVENT + event + '\t' + text.replaceAll("\\s+", " "));
        System.out.flush();
    }

    private final class ToldToGoOn implements Gate {

        private final Pattern stopAt;

        ToldToGoOn(Pattern stopAt) {
            this.stopAt = stopAt;
        }

        @Override
        public void before(String sql) throws SQLException {
            ask("BEFORE", sql);
        }

        @Override
        public void after(String sql) throws SQLException {
            ask("AFTER", sql);
        }

        private void ask(String event, String sql) {
            if (stopAt.matcher(sql).find()) {
                say(event, sql);
                mayGoOn.acquireUninterruptibly();
            }
        }
    }
}
