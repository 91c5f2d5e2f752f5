package dev.cascadecleanup.internal.engine.cockroach;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.catalog.Catalog;
import dev.cascadecleanup.internal.catalog.Catalogs;
import dev.cascadecleanup.internal.engine.JournalStep;
import dev.cascadecleanup.internal.engine.RecordingConsole;
import dev.cascadecleanup.internal.engine.TableConstraint;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.journal.Journal;
import dev.cascadecleanup.internal.journal.JournalEntry;
import dev.cascadecleanup.internal.journal.MigrationIdentity;
import dev.cascadecleanup.internal.plan.TemporaryNames;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** A database with {@code users} and one table that references it, an engine on it, and short names for what tests do there. */
final class CockroachFixture implements AutoCloseable {

    static final TableName TABLE = new TableName("public", "trips");
    static final String FK = "fk_user_id_ref_users";
    static final String STAND_IN = TemporaryNames.of(TABLE, FK);
    private static final MigrationIdentity MIGRATION =
            new MigrationIdentity("public", "flyway_schema_history", "60", "V060");
    private static final JobWatchdog.Timing IMPATIENT =
            new JobWatchdog.Timing(Duration.ofMillis(300), Duration.ofMillis(50), Duration.ofMillis(50));

    final RecordingConsole console = new RecordingConsole();
    final TestDatabase database;
    final Connection connection;
    final Journal journal;

    private ForeignKey asBuilt;

    CockroachFixture(TestServer server) throws SQLException {
        database = server.createDatabase();
        connection = database.connect();
        database.execute(
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE trips (id bigint PRIMARY KEY, user_id bigint, guest_id bigint, INDEX (user_id))",
                "INSERT INTO users VALUES (1), (2)",
                "INSERT INTO trips VALUES (10, 1, 2), (20, 2, 1), (30, NULL, NULL)");
        addForeignKey(FK, "NO ACTION");
        journal = new Journal(connection, "public");
        journal.createIfMissing();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        database.close();
    }

    void execute(String... statements) throws SQLException {
        database.execute(statements);
    }

    /** On the connection that the engine uses. */
    void executeInSession(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** @param action with NOT VALID behind it, if it is not to be validated */
    void addForeignKey(String name, String action) throws SQLException {
        database.execute(addStatement(name, action));
    }

    static String addStatement(String name, String action) {
        String notValid = action.endsWith(" NOT VALID") ? " NOT VALID" : "";
        return "ALTER TABLE trips ADD CONSTRAINT \"" + name
                + "\" FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE " + action.replace(" NOT VALID", "")
                + notValid;
    }

    void dropConstraint(String name) throws SQLException {
        database.execute("ALTER TABLE trips DROP CONSTRAINT \"" + name + "\"");
    }

    /** Every foreign key of the table as {@code name action validated}, {@code S} for the stand-in's name. */
    List<String> foreignKeys() throws SQLException {
        return database.rows("""
                SELECT conname, confdeltype, convalidated FROM pg_catalog.pg_constraint
                WHERE contype = 'f' AND conrelid = (SELECT oid FROM pg_catalog.pg_class WHERE relname = ?) ORDER BY conname
                """, TABLE.name()).stream()
                .map(row -> (row.get(0).equals(STAND_IN) ? "S" : row.get(0)) + " " + row.get(1) + " " + row.get(2))
                .toList();
    }

    long rows(String table) throws SQLException {
        return database.value("SELECT count(*) FROM " + table);
    }

    /** The foreign key of trips as it is now. Only the first call reads the whole catalog, which takes long on a busy server. */
    ForeignKey foreignKey() throws SQLException {
        if (asBuilt == null) {
            asBuilt = foreignKey(FK);
            return asBuilt;
        }
        TableConstraint now = new CockroachConstraints(connection)
                .of(asBuilt.table().oid(), FK::equals)
                .get(0);
        return new ForeignKey(
                now.oid(),
                FK,
                asBuilt.table(),
                asBuilt.referencedTable(),
                now.definition(),
                asBuilt.nullableColumns(),
                asBuilt.nullRules(),
                asBuilt.generatedColumns(),
                false,
                asBuilt.indexed(),
                List.of(),
                null);
    }

    /** Any foreign key of the database, as the catalog reads it. */
    ForeignKey foreignKey(String name) throws SQLException {
        return catalog().read().foreignKeys().stream()
                .filter(fk -> fk.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    Catalog catalog() throws SQLException {
        return Catalogs.open(connection).orElseThrow();
    }

    CockroachEngine engine(Duration maxWait) throws SQLException {
        return engine(connection, database.dataSource(), maxWait, null);
    }

    CockroachEngine engine(Connection over, DataSource monitor, Duration maxWait, CockroachLease lease)
            throws SQLException {
        CascadeOptions options =
                CascadeOptions.defaults().toBuilder().maxWait(maxWait).build();
        return new CockroachEngine(over, monitor, options, console, lease, IMPATIENT);
    }

    CockroachEngine engine() throws SQLException {
        return engine(Duration.ofMinutes(1));
    }

    Conversion cascade() throws SQLException {
        return to(ReferentialAction.CASCADE);
    }

    Conversion to(ReferentialAction action) throws SQLException {
        ForeignKey fk = foreignKey();
        return new Conversion(fk, fk.definition().withOnDelete(action), List.of(), null);
    }

    /** A step that writes a new row. */
    JournalStep newStep(Conversion conversion) {
        return JournalStep.conversion(journal, entry(conversion.foreignKey(), conversion.target()));
    }

    JournalEntry entry(ForeignKey fk, ForeignKeyDefinition after) {
        return JournalEntry.begin(UUID.randomUUID(), MIGRATION, fk, after, STAND_IN);
    }

    /** The row of a conversion to CASCADE that a run began and did not finish. */
    JournalEntry interrupted() throws SQLException {
        JournalEntry entry = entry(foreignKey(), foreignKey().definition().withOnDelete(ReferentialAction.CASCADE));
        journal.run(journal.beginStatements(entry));
        return entry;
    }

    List<String> journalStates() throws SQLException {
        return database.rows("SELECT state FROM " + Journal.TABLE_NAME + " ORDER BY started_at").stream()
                .map(row -> (String) row.get(0))
                .toList();
    }

    /** A column of the only row of the journal. */
    <T> T journalValue(String column) throws SQLException {
        return database.value("SELECT " + column + " FROM " + Journal.TABLE_NAME);
    }

    /** What the engine's own session answers. */
    String inSession(String query) throws SQLException {
        return Sql.queryFirst(connection, query, row -> row.getString(1)).orElseThrow();
    }
}
