package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.Verification.Result;
import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A table that somebody keeps locked: whoever looks gives up, and says who that is. All at once, since they wait some seconds. */
@ContractTest(only = DatabaseKind.POSTGRESQL, oldestAndNewest = true)
class LockedTableTest {

    private final TestServer server;

    LockedTableTest(TestServer server) {
        this.server = server;
    }

    @Test
    void noLookWaitsWithoutEnd() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                        server,
                        "CREATE TABLE users (id bigint PRIMARY KEY)",
                        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE,"
                                + " n int CHECK (n > 0))",
                        "INSERT INTO users VALUES (1), (2)",
                        "INSERT INTO orders VALUES (1, 1, 1)");
                Connection other = contract.database().connect();
                Statement statement = other.createStatement()) {
            // It knows the schema by then, and looks in another way.
            CascadeCleanup warm = CascadeCleanup.of(contract.configuration());
            warm.erase("2", EraseOptions.defaults());
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE orders, users IN ACCESS EXCLUSIVE MODE");
            CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
            Map<String, ThrowingCallable> looks = new LinkedHashMap<>();
            looks.put("plan", cleanup::plan);
            looks.put("verify", cleanup::verify);
            looks.put("audit", cleanup::audit);
            looks.put("prove", cleanup::prove);
            looks.put("preview", () -> cleanup.preview("1"));
            looks.put("erase", () -> cleanup.erase("1", EraseOptions.defaults()));
            looks.put("another erase", () -> warm.erase("1", EraseOptions.defaults()));
            String holder = "orders is held by pid " + pid(statement);
            ExecutorService threads = Executors.newFixedThreadPool(looks.size());
            CompletableFuture.allOf(looks.entrySet().stream()
                            .map(look -> CompletableFuture.runAsync(
                                    () -> assertThatThrownBy(look.getValue())
                                            .as(look.getKey())
                                            .isInstanceOf(CascadeException.class)
                                            .hasMessageContaining(holder),
                                    threads))
                            .toArray(CompletableFuture[]::new))
                    .whenComplete((all, failure) -> threads.shutdown())
                    .get();
            other.rollback();
            assertThat(cleanup.verify().result()).isEqualTo(Result.YES);
        }
    }

    private static int pid(Statement statement) throws Exception {
        try (ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }
}
