package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeMigration;
import dev.cascadecleanup.CascadeUndoMigration;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestServer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;

/** What operators and services can ask for. */
@ContractTest(oldestAndNewest = true)
class OptionsTest {

    private static final String[] SCHEMA = {
        "CREATE TABLE users (id bigint PRIMARY KEY)",
        "CREATE TABLE posts (author bigint NOT NULL, editor bigint, "
                + "CONSTRAINT authored FOREIGN KEY (author) REFERENCES users, "
                + "CONSTRAINT edited FOREIGN KEY (editor) REFERENCES users, "
                + "CONSTRAINT edited_again FOREIGN KEY (editor) REFERENCES users ON DELETE RESTRICT)",
        "CREATE TABLE audits (u bigint, CONSTRAINT audited FOREIGN KEY (u) REFERENCES users)"
    };

    /** What a service would write whose next free version is 67. */
    public static class V067__Erasable_users extends CascadeMigration {

        @Override
        protected String keep() {
            return "audits.u";
        }
    }

    /** The same service, later. */
    public static class V068__More_erasable_users extends CascadeMigration {}

    /** The way back. */
    public static class V069__Undo_erasable_users extends CascadeUndoMigration {

        @Override
        protected String undoes() {
            return "67";
        }
    }

    /** What cannot be: the journal needs a version. */
    public static class R__Erasable_users extends CascadeMigration {}

    private final TestServer server;

    OptionsTest(TestServer server) {
        this.server = server;
    }

    @Test
    void keptForeignKeysGoOnRefusing() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA)) {
            contract.with("cascade_keep", "posts.editor")
                    .migrate()
                    .assertCascading("posts.authored", "audits.audited")
                    .assertRepeatable();
            contract.execute("INSERT INTO users VALUES (1), (2)", "INSERT INTO posts VALUES (1, 2)");
            contract.assertRefused("DELETE FROM users WHERE id = 2");
            contract.execute("DELETE FROM users WHERE id = 1");
            assertThat(contract.count("posts")).isZero();
            contract.undoExactly();
        }
    }

    @Test
    void actorColumnsAreSetToNull() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA)) {
            contract.with("cascade_set_null", "posts.editor").migrate();
            CatalogSnapshot expected = contract.before().cascading(id -> true);
            contract.now()
                    .assertEqualTo(expected.with(
                                    "posts.edited", expected.get("posts.edited").withOnDelete("n"))
                            .with(
                                    "posts.edited_again",
                                    expected.get("posts.edited_again").withOnDelete("n")));
            contract.assertRepeatable();
            contract.execute(
                    "INSERT INTO users VALUES (1), (2)",
                    "INSERT INTO posts VALUES (1, 2)",
                    "DELETE FROM users WHERE id = 2");
            assertThat(contract.database().rows("SELECT author, editor FROM posts"))
                    .containsExactly(Arrays.asList(1L, null));
            contract.undoExactly();
        }
    }

    @Test
    void withoutFlywayTheProgressIsSaidAllTheSame() throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        Logger logger = Logger.getLogger(CascadeCleanup.class.getName());
        Handler handler = new StreamHandler() {
            @Override
            public void publish(LogRecord entry) {
                lines.add(entry.getMessage());
            }
        };
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA)) {
            CascadeCleanup.of(contract.database().dataSource()).migrate("1", "by hand");
            assertThat(lines).anyMatch(line -> line.startsWith("[1/4] "));
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
    }

    @Test
    void aVerificationNamesAnEntryThatMatchesNothing() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA)) {
            contract.with("cascade_keep", "nosuch.column");
            assertThatThrownBy(() -> CascadeCleanup.of(contract.configuration()).verify())
                    .hasMessageContaining("nosuch.column");
            contract.execute("DROP TABLE posts", "DROP TABLE audits");
            assertThatThrownBy(() -> CascadeCleanup.of(contract.configuration()).verify())
                    .hasMessageContaining("nosuch.column");
        }
    }

    @Test
    void aRepeatableMigrationIsRefused() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA)) {
            String message = contract.flyway(
                            flyway -> flyway.locations(new String[0]).javaMigrations(new R__Erasable_users()))
                    .migrateRefused();
            assertThat(message).contains("R__Erasable_users is a repeatable migration", "V067__Erasable_users");
        }
    }

    @Test
    void ownVersionsWithOwnOptionsAndTheWayBack() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA)) {
            List<String> keptByTheClass = List.of("posts.authored", "posts.edited", "posts.edited_again");
            own(contract).target("67").load().migrate();
            contract.assertCascading(keptByTheClass.toArray(String[]::new));

            own(contract).target("68").load().migrate();
            contract.assertCascading(id -> true);

            own(contract).load().migrate();
            contract.assertCascading("audits.audited");
            assertThat(CascadeCleanup.of(own(contract))
                            .undo(UndoOptions.defaults())
                            .version())
                    .isEqualTo("68");
            contract.now().assertEqualTo(contract.before());
        }
    }

    @Test
    void placeholderWinsOverTheMethod() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA)) {
            contract.with("cascade_keep", "posts.authored");
            own(contract).target("67").load().migrate();
            contract.assertCascading("posts.edited", "posts.edited_again", "audits.audited");
        }
    }

    private static FluentConfiguration own(CascadeContract contract) {
        return contract.configuration()
                .locations(new String[0])
                .javaMigrations(
                        new V067__Erasable_users(), new V068__More_erasable_users(), new V069__Undo_erasable_users());
    }
}
