package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Bad input: one clear error that lists every problem, and nothing has changed. */
@ContractTest(oldestAndNewest = true)
class RefusalTest {

    private static final String[] SCHEMA = {
        "CREATE TABLE users (id bigint PRIMARY KEY)",
        "CREATE TABLE posts (author_id bigint NOT NULL, editor_id bigint, "
                + "CONSTRAINT posts_author FOREIGN KEY (author_id) REFERENCES users, "
                + "CONSTRAINT posts_editor FOREIGN KEY (editor_id) REFERENCES users)",
        "CREATE SCHEMA other",
        "CREATE TABLE other.posts (author_id bigint, CONSTRAINT posts_author FOREIGN KEY (author_id) REFERENCES public.users)"
    };

    private final TestServer server;

    RefusalTest(TestServer server) {
        this.server = server;
    }

    @Test
    void misspeltPlaceholder() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA)) {
            assertThat(contract.with("cascade_kepe", "posts.posts_author")
                            .with("Cascade.Parents", "users")
                            .migrateRefused())
                    .contains(
                            "cascade_kepe",
                            "Did you mean cascade_keep?",
                            "Cascade.Parents",
                            "Did you mean cascade_parent?");
        }
    }

    @Test
    void valuesThatCannotBeRead() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA)) {
            contract.with("cascade_validate", "yes")
                    .with("cascade_lock_timeout", "soon")
                    .with("cascade_max_wait", "0s")
                    .with("cascade_keep", "posts")
                    .with("cascade_set_null", "posts.\"open")
                    .with("cascade_parent", " ")
                    .with("cascade_self_references", "maybe")
                    .with("cascade_scope", "all")
                    .with("cascade_unsupported", "?");
            assertThat(contract.migrateRefused())
                    .contains(
                            "cascade_validate",
                            "cascade_lock_timeout",
                            "cascade_max_wait",
                            "cascade_keep",
                            "cascade_set_null",
                            "cascade_parent",
                            "cascade_self_references",
                            "cascade_scope",
                            "cascade_unsupported");
        }
    }

    @Test
    void twoSpellingsOfOnePlaceholder() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA)) {
            contract.with("cascade_parent", "users").with("cascade.parent", "accounts");
            assertThat(contract.migrateRefused()).contains("cascade_parent", "cascade.parent", "different values");
        }
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA)) {
            contract.with("cascade_parent", "users")
                    .with("CASCADE-PARENT", "users")
                    .with("cascade.set.null", "posts.editor_id");
            contract.migrate();
            assertThat(contract.now().get("posts.posts_editor").onDelete()).isEqualTo("n");
        }
    }

    @Test
    void entriesThatMatchNoForeignKey() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA)) {
            contract.with("cascade_keep", "posts.posts_auhtor, other.posts.autor_id")
                    .with("cascade_set_null", "nowhere.nothing");
            assertThat(contract.migrateRefused())
                    .contains(
                            "cascade_keep names posts.posts_auhtor",
                            "did you mean posts.posts_author?",
                            "cascade_keep names other.posts.autor_id",
                            "did you mean other.posts.author_id?",
                            "cascade_set_null names nowhere.nothing");
        }
    }

    @Test
    void entriesThatMatchInSeveralSchemas() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA)) {
            assertThat(contract.with("cascade_keep", "posts.author_id").migrateRefused())
                    .contains("cascade_keep names posts.author_id", "other, public", "schema in front");
            contract.with("cascade_keep", "public.posts.author_id")
                    .migrate()
                    .assertCascading("posts.posts_editor", "other.posts.posts_author");
        }
    }

    @Test
    void setNullOnColumnsThatCannotBeNull() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA)) {
            assertThat(contract.with("cascade_set_null", "public.posts.author_id")
                            .migrateRefused())
                    .contains("cascade_set_null", "posts.posts_author", "author_id is NOT NULL", "DROP NOT NULL");
        }
    }

    @Test
    void oneForeignKeyInTwoOptions() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA)) {
            assertThat(contract.with("cascade_set_null", "posts.editor_id")
                            .with("cascade_keep", "posts.posts_editor")
                            .migrateRefused())
                    .contains("posts.posts_editor is named by cascade_keep and by cascade_set_null");
        }
    }

    @Test
    void everyProblemAtOnce() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA)) {
            contract.with("cascade_parent", "users, accounts")
                    .with("cascade_keep", "posts.nothing")
                    .with("cascade_set_null", "public.posts.author_id");
            assertThat(contract.migrateRefused().lines())
                    .hasSize(4)
                    .anySatisfy(line -> assertThat(line).contains("accounts"))
                    .anySatisfy(line -> assertThat(line).contains("posts.nothing"))
                    .anySatisfy(line -> assertThat(line).contains("NOT NULL"));
        }
    }

    /** Flyway itself could not write its history on such a connection, so the migration is called as Flyway would. */
    @Test
    void readOnlySession() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA);
                Connection connection = contract.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET default_transaction_read_only = on");
            assertThatThrownBy(() -> BorrowedConnection.migrate(contract.configuration(), connection))
                    .isInstanceOf(CascadeException.class)
                    .hasMessageContaining("read-only");
            contract.now().assertEqualTo(contract.before());
            assertThat(contract.journals()).isEmpty();
        }
    }
}
