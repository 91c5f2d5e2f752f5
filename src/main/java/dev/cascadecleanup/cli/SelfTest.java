package dev.cascadecleanup.cli;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Console;
import dev.cascadecleanup.MigrationReport;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.UndoReport;
import dev.cascadecleanup.Verification;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.internal.catalog.Catalog;
import dev.cascadecleanup.internal.catalog.Catalogs;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.proof.ProofReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** Tries everything on a small zoo of foreign keys, in a database of its own. */
final class SelfTest {

    /** What its database is called, before a random part. */
    static final String PREFIX = "cascade_selftest_";

    private static final String VERSION = "060";
    /** The run is cut off at its fourth schema change, which on CockroachDB is in the middle of a foreign key. */
    private static final int STATEMENTS_BEFORE_THE_CUT = 3;

    private static final List<String> ZOO = List.of(
            "CREATE TABLE users (id bigint PRIMARY KEY, region bigint NOT NULL, UNIQUE (region, id))",
            "CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint NOT NULL,"
                    + " CONSTRAINT of_user FOREIGN KEY (user_id) REFERENCES users (id))",
            "CREATE INDEX notes_of_user ON notes (user_id)",
            "CREATE TABLE lines (id bigint PRIMARY KEY, note_id bigint NOT NULL,"
                    + " CONSTRAINT of_note FOREIGN KEY (note_id) REFERENCES notes (id))",
            "CREATE INDEX lines_of_note ON lines (note_id)",
            "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL,"
                    + " CONSTRAINT of_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT ON UPDATE CASCADE)",
            "CREATE INDEX orders_of_user ON orders (user_id)",
            "CREATE TABLE logins (id bigint PRIMARY KEY, user_id bigint NOT NULL,"
                    + " CONSTRAINT of_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE)",
            "CREATE INDEX logins_of_user ON logins (user_id)",
            "CREATE TABLE pairs (id bigint PRIMARY KEY, region bigint NOT NULL, user_id bigint NOT NULL,"
                    + " CONSTRAINT of_user FOREIGN KEY (region, user_id) REFERENCES users (region, id) MATCH FULL)",
            "CREATE INDEX pairs_of_user ON pairs (region, user_id)",
            "CREATE TABLE \"an \"\"odd\"\" one\" (id bigint PRIMARY KEY, \"user; id\" bigint NOT NULL,"
                    + " CONSTRAINT \"of user's\" FOREIGN KEY (\"user; id\") REFERENCES users (id))",
            "CREATE INDEX odd_of_user ON \"an \"\"odd\"\" one\" (\"user; id\")");

    private final CliDataSource server;
    private final String database =
            PREFIX + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    private final List<String> lines = new ArrayList<>();
    private boolean failed;
    private boolean postgres;
    private String role = "";

    /** What came of it. */
    record Report(String text, boolean passed) {}

    @FunctionalInterface
    private interface Step {
        /** Returns what to say beside "passed". */
        String run() throws SQLException;
    }

    private SelfTest(CliDataSource server) {
        this.server = server;
    }

    /** @throws CliException if no database may be created */
    static Report run(CliDataSource server) {
        return new SelfTest(server).run();
    }

    private Report run() {
        lines.add(CascadeCommand.NAME + " selftest");
        try {
            describe();
            create();
        } catch (SQLException e) {
            throw new CliException("the server answered with an error: " + e.getMessage(), e);
        }
        try {
            steps();
        } finally {
            step("drop", () -> {
                drop();
                return "the scratch database is gone";
            });
        }
        lines.add(failed ? "NOT PASSED" : "all passed");
        return new Report(String.join("\n", lines), !failed);
    }

    private void describe() throws SQLException {
        try (Connection connection = server.getConnection()) {
            Server here = Catalogs.open(connection)
                    .orElseThrow(() -> new CliException("this is neither PostgreSQL nor CockroachDB"))
                    .server();
            postgres = here.product() == Product.POSTGRESQL;
            role = here.role();
            lines.add("server: " + here);
            lines.add("java: " + System.getProperty("java.version") + ", " + System.getProperty("os.name"));
        }
    }

    private void create() throws SQLException {
        try (Connection connection = server.getConnection()) {
            Sql.execute(connection, "CREATE DATABASE " + Identifiers.quote(database));
        } catch (SQLException e) {
            if (SqlStates.is(e, SqlStates.INSUFFICIENT_PRIVILEGE)) {
                throw new CliException(
                        "the role " + role + " may not create a database, and selftest works in no other. ALTER ROLE "
                                + Identifiers.quote(role) + " CREATEDB, or run it as another role",
                        e);
            }
            throw e;
        }
    }

    private void drop() throws SQLException {
        try (Connection connection = server.getConnection()) {
            Sql.execute(
                    connection,
                    "DROP DATABASE " + Identifiers.quote(database) + (postgres ? " WITH (FORCE)" : " CASCADE"));
        }
    }

    private void steps() {
        DataSource scratch = server.of(database);
        CascadeCleanup cleanup = on(scratch);
        List<String> before = new ArrayList<>();
        step("set up", () -> {
            try (Connection connection = scratch.getConnection()) {
                requireScratch(connection);
                for (String statement : ZOO) {
                    Sql.execute(connection, statement);
                }
            }
            before.addAll(foreignKeys(scratch));
            return before.size() + " foreign keys";
        });
        step("interruption", () -> {
            try {
                on(InterruptedRun.of(scratch, STATEMENTS_BEFORE_THE_CUT)).migrate(VERSION, "selftest");
            } catch (RuntimeException e) {
                return "the run was cut off";
            }
            throw new SQLException("the run went on without its connection");
        });
        step("migration, resumed", () -> {
            MigrationReport report = cleanup.migrate(VERSION, "selftest");
            return report.converted().size() + " converted in "
                    + report.elapsed().toMillis() + " ms";
        });
        step("verification", () -> {
            Verification verification = cleanup.verify();
            return require(
                    verification.passed(),
                    verification.deviating().size() + " deviate, "
                            + verification.notSeen().size() + " not seen",
                    "nothing deviates");
        });
        step("proof", () -> {
            ProofReport proof = cleanup.prove();
            return require(proof.passed(), "verdict " + proof.verdict(), "one delete leaves nothing");
        });
        step("undo", () -> {
            UndoReport report = cleanup.undo(UndoOptions.defaults());
            require(foreignKeys(scratch).equals(before), "a foreign key is not what it was", "");
            return report.restored().size() + " restored, all exactly as before";
        });
    }

    /** A parameter of the URL, or a property of Flyway's settings, may name a database that goes before the one in the path. */
    private void requireScratch(Connection connection) throws SQLException {
        boolean there = Sql.queryFirst(connection, "SELECT current_database()", row -> row.getString(1))
                .filter(database::equals)
                .isPresent();
        require(
                there,
                "this URL leads to another database, in which nothing was done; take the name of a database out of its"
                        + " parameters (PGDBNAME, dbname) and out of the driver's properties",
                "");
    }

    private static String require(boolean condition, String otherwise, String words) throws SQLException {
        if (!condition) {
            throw new SQLException(otherwise);
        }
        return words;
    }

    private void step(String name, Step step) {
        if (failed && !name.equals("drop")) {
            lines.add(name + ": not tried");
            return;
        }
        try {
            lines.add(name + ": passed, " + step.run());
        } catch (SQLException | RuntimeException e) {
            failed = true;
            lines.add(name + ": FAILED, " + withoutNames(String.valueOf(e.getMessage())));
        }
    }

    /** The messages of this library and of the server may name the role and the database. */
    private String withoutNames(String message) {
        String first = message.lines().findFirst().orElse("");
        return first.replace(database, "<database>").replaceAll("\\b\\Q" + role + "\\E\\b", "<role>");
    }

    private static CascadeCleanup on(DataSource dataSource) {
        return CascadeCleanup.of(dataSource)
                .withConsole(Silence.INSTANCE)
                .withOptions(CascadeOptions.defaults().toBuilder()
                        .scope(CascadeOptions.Scope.CLOSURE)
                        .build());
    }

    /** Every foreign key with everything that an undo has to restore. */
    private static List<String> foreignKeys(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            Catalog catalog = Catalogs.open(connection).orElseThrow();
            return catalog.read().foreignKeys().stream()
                    .map(fk -> fk + " " + fk.definition())
                    .sorted()
                    .toList();
        }
    }

    private enum Silence implements Console {
        INSTANCE;

        @Override
        public void info(String line) {
            // The report says what came of it.
        }

        @Override
        public void warn(String line) {
            // The report says what came of it.
        }
    }
}
