package dev.cascadecleanup.demo;

import dev.cascadecleanup.realschemas.Contents;
import dev.cascadecleanup.realschemas.FixtureRow;
import dev.cascadecleanup.realschemas.RealSchema;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.output.MigrateResult;

/**
 * The main job on a real PostgreSQL, to look at: a user of the SkyTwin schema with a row in every table cannot be deleted. V060 converts
 * every foreign key on users, as was asked, and a table further down refuses; the closure converts that too, and the same DELETE leaves
 * nothing of that user. Ends with an exception, and so Maven with an exit code, when anything is not as it should be.
 */
public final class Demo {

    private static final RealSchema SCHEMA = RealSchema.SKYTWIN;
    private static final int ERASED = 1;
    private static final int OTHER = 2;
    private static final String DELETE = "DELETE FROM users WHERE id = " + SCHEMA.user(ERASED);
    private static final String FOREIGN_KEY_VIOLATION = "23503";
    /** The request's own check: it is to find nothing once the migration has run. */
    private static final String VERIFICATION =
            "SELECT conname FROM pg_constraint WHERE confdeltype != 'c' AND confrelid = 'users'::regclass";

    private static final Set<FixtureRow.Kind> OF_A_USER = Set.of(FixtureRow.Kind.DIRECT, FixtureRow.Kind.BELOW);
    private static final Set<FixtureRow.Kind> LOOKUP = Set.of(FixtureRow.Kind.LOOKUP);

    private final TestDatabase database;
    private final PrintStream out;
    private int step;

    private Demo(TestDatabase database, PrintStream out) {
        this.database = database;
        this.out = out;
    }

    public static void main(String[] args) throws SQLException, IOException {
        System.out.println("Starting a PostgreSQL 18 of its own ...");
        try (TestDatabase database = Postgres.newest().createDatabase();
                ProgressLines lines = ProgressLines.to(System.out)) {
            new Demo(database, System.out).run();
        } finally {
            Postgres.stopAll();
        }
    }

    private void run() throws SQLException {
        build();
        Contents lookup = contents(LOOKUP);
        insertRowsOf(ERASED);
        Contents erased = contents(OF_A_USER);
        insertRowsOf(OTHER);
        Contents other = contents(OF_A_USER).minus(erased);
        heading("Two users, with one row each in all " + (erased.rows().size() - 1) + " tables that lead to users");

        showRefusal("before the migration");
        migrate("flyway migrate, with the ready-made V060: cascade_scope = direct", SCHEMA.flyway(database));
        check(database.rows(VERIFICATION).isEmpty(), "after V060 there are foreign keys on users that do not cascade");
        say(
                "0 foreign keys on users do not cascade. That is what was asked for; what the last lines warned of is next:");
        showRefusal("after a migration in direct scope");
        migrate(
                "flyway migrate, with a V061 of one method more: cascade_scope = closure",
                SCHEMA.flyway(database).javaMigrations(new V061__CascadeFurtherDown()));
        delete();

        Contents after = contents(OF_A_USER);
        heading("Rows per table, before and after");
        new RowsTable(erased, after.and(erased), other, after.and(other)).print(out);
        check(after.equals(other), "the rows that are left are not exactly those of the other user");
        check(lookup.and(contents(LOOKUP)).equals(lookup), "rows that belong to no user are missing");
        out.println();
        out.println("Nothing of the deleted user remains, and every row of the other one is still there.");
    }

    private void build() throws SQLException {
        heading("Flyway builds " + SCHEMA + " to version " + RealSchema.VERSION_BEFORE + " on PostgreSQL "
                + database.value("SHOW server_version"));
        MigrateResult result =
                SCHEMA.flyway(database).target(RealSchema.VERSION_BEFORE).load().migrate();
        say(result.migrationsExecuted + " migrations; " + database.value(VERIFICATION.replace("conname", "count(*)"))
                + " foreign keys on users do not cascade");
    }

    private void insertRowsOf(int user) throws SQLException {
        database.execute(
                SCHEMA.rows().stream().map(row -> row.insertFor(SCHEMA, user)).toArray(String[]::new));
    }

    private void showRefusal(String when) throws SQLException {
        heading(DELETE);
        Contents before = contents(OF_A_USER);
        try {
            database.execute(DELETE);
        } catch (SQLException e) {
            check(e.getSQLState().equals(FOREIGN_KEY_VIOLATION), e.getMessage());
            check(contents(OF_A_USER).equals(before), "the refused delete took rows with it");
            e.getMessage().lines().forEach(line -> say(line.strip()));
            return;
        }
        throw new IllegalStateException("the delete was not refused " + when);
    }

    private void migrate(String title, FluentConfiguration flyway) {
        heading(title);
        MigrateResult result = flyway.load().migrate();
        check(result.migrationsExecuted == 1, "there was not just one migration pending");
    }

    private void delete() throws SQLException {
        heading(DELETE);
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            int deleted = statement.executeUpdate(DELETE);
            check(deleted == 1, deleted + " users were deleted");
            say("DELETE " + deleted);
        }
    }

    private Contents contents(Set<FixtureRow.Kind> kinds) throws SQLException {
        return Contents.of(
                database,
                SCHEMA.rows().stream()
                        .filter(row -> kinds.contains(row.kind()))
                        .map(FixtureRow::table)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private void heading(String text) {
        out.println();
        out.println(++step + ". " + text);
        out.println();
    }

    private void say(String text) {
        out.println("   " + text);
    }

    private static void check(boolean expected, String otherwise) {
        if (!expected) {
            throw new IllegalStateException("not as it should be: " + otherwise);
        }
    }
}
