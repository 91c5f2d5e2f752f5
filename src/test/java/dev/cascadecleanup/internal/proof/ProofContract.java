package dev.cascadecleanup.internal.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.proof.ProofHints;
import dev.cascadecleanup.proof.ProofReport;
import dev.cascadecleanup.proof.TableProof;
import dev.cascadecleanup.realschemas.Contents;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/** A database with a schema, and what every proof on it promises: whatever it finds, not one row is different afterwards. */
final class ProofContract implements AutoCloseable {

    private final TestDatabase database;

    private ProofContract(TestDatabase database) {
        this.database = database;
    }

    /** A new database with this schema. */
    static ProofContract on(TestServer server, String... schema) throws SQLException {
        TestDatabase database = server.createDatabase();
        try {
            database.execute(schema);
            return new ProofContract(database);
        } catch (SQLException | RuntimeException | Error e) {
            try (database) {
                throw e;
            }
        }
    }

    /** The statements of a resource next to {@code /proof/}. */
    static List<String> statements(String resource) {
        try (InputStream stream = ProofContract.class.getResourceAsStream("/proof/" + resource)) {
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split(";\\s*\n"))
                    .map(String::strip)
                    .filter(sql -> !sql.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TestDatabase database() {
        return database;
    }

    ProofReport prove() throws SQLException {
        return prove(ProofHints.none());
    }

    ProofReport prove(ProofHints hints) throws SQLException {
        return prove(CascadeCleanup.of(database.warmDataSource()), hints);
    }

    ProofReport prove(CascadeCleanup cleanup, ProofHints hints) throws SQLException {
        ProofReport[] report = new ProofReport[1];
        leavesNoTrace(() -> report[0] = cleanup.prove(hints));
        leavesNoLock();
        return report[0];
    }

    private void leavesNoLock() throws SQLException {
        if (!database.server().isCockroach()) {
            assertThat(
                            database.rows(
                                    "SELECT l.mode, l.relation::regclass::text FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE"
                                            + " a.datname = current_database() AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()"))
                    .isEmpty();
        }
    }

    /** Compares every row of every table before and after. */
    void leavesNoTrace(Executable proof) throws SQLException {
        Contents before = Contents.of(database, tables());
        try {
            proof.execute();
        } catch (RuntimeException | Error | SQLException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        } finally {
            assertThat(Contents.of(database, tables())).isEqualTo(before);
        }
    }

    private List<String> tables() throws SQLException {
        List<String> tables = new ArrayList<>();
        for (List<Object> row : database.rows(
                "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type ="
                        + " 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema', 'crdb_internal', 'pg_extension')")) {
            tables.add('"' + ((String) row.get(0)) + "\".\"" + ((String) row.get(1)).replace("\"", "\"\"") + '"');
        }
        return tables;
    }

    static TableProof table(ProofReport report, String name) {
        return report.tables().stream()
                .filter(table -> table.table().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
