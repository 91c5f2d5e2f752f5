package dev.cascadecleanup.contract;

import static dev.cascadecleanup.contract.EvilNames.quote;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.proof.ProofReport;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names of every kind change nothing but the names in the statements. */
@ContractTest(oldestAndNewest = true)
class IdentifierTest {

    private final TestServer server;
    private final List<String> evilNames;

    IdentifierTest(TestServer server) {
        this.server = server;
        this.evilNames = EvilNames.of(server);
    }

    @Test
    void evilTablesColumnsAndConstraints() throws Exception {
        List<String> schema = new ArrayList<>(List.of("CREATE TABLE users (id bigint PRIMARY KEY)"));
        for (String name : evilNames) {
            schema.add(
                    "CREATE TABLE %1$s (%1$s bigint NOT NULL, CONSTRAINT %1$s FOREIGN KEY (%1$s) REFERENCES users (id))"
                            .formatted(quote(name)));
        }
        try (CascadeContract contract = CascadeContract.on(server, schema)) {
            assertThat(contract.before().foreignKeys()).hasSize(evilNames.size());
            contract.migrate().assertCascading(id -> true).assertRepeatable();

            List<String> fill = new ArrayList<>(List.of("INSERT INTO users VALUES (1), (2)"));
            evilNames.forEach(name -> fill.add("INSERT INTO " + quote(name) + " VALUES (1), (2)"));
            contract.execute(fill.toArray(String[]::new));
            for (String name : evilNames) {
                contract.assertRefused("INSERT INTO " + quote(name) + " VALUES (3)");
            }
            contract.execute("DELETE FROM users WHERE id = 1");
            for (String name : evilNames) {
                assertThat(contract.count(quote(name))).as(name).isEqualTo(1);
            }

            contract.undoExactly();
            contract.assertRefused("DELETE FROM users WHERE id = 2");
        }
    }

    @Test
    void evilSchemasAndParent() throws Exception {
        String home = "the \"home\"; of\\users.";
        String parent = "App \"users\".;\n$$";
        List<String> schema = new ArrayList<>(List.of(
                "CREATE SCHEMA " + quote(home),
                "CREATE TABLE %s.%s (%s bigint PRIMARY KEY)"
                        .formatted(quote(home), quote(parent), quote("the key, \"id\""))));
        for (String name : evilNames) {
            schema.add("CREATE SCHEMA " + quote("s " + name.substring(0, Math.min(name.length(), 12))));
            schema.add("CREATE TABLE %s.t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES %s.%s)"
                    .formatted(
                            quote("s " + name.substring(0, Math.min(name.length(), 12))), quote(home), quote(parent)));
        }
        try (CascadeContract contract = CascadeContract.on(server, schema)) {
            contract.with("cascade_parent", quote(home) + " . " + quote(parent));
            contract.migrate().assertCascading(id -> true).assertRepeatable();
            contract.undoExactly();
        }
    }

    @Test
    void flywaysOwnSchemaMayBeOddToo() throws Exception {
        // Flyway quotes no schema when it puts CockroachDB's search path back.
        String home = server.isCockroach() ? "söhne" : "Fly \"way\" ünd;Söhne";
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE SCHEMA " + quote(home),
                "CREATE TABLE %s.users (id bigint PRIMARY KEY)".formatted(quote(home)),
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES %s.users)"
                        .formatted(quote(home)))) {
            contract.flyway(flyway -> flyway.defaultSchema(home).table("The History; of"));
            contract.migrate().assertCascading("t.fk").assertRepeatable();
            assertThat(contract.journals()).containsExactly(home);
            contract.undoExactly();
        }
    }

    /** The journal's schema is in every statement of a script, among constants; and every verb has to live with such names. */
    @Test
    void scriptsAndEveryVerbWithTheJournalInAnOddSchema() throws Exception {
        // CockroachDB takes a dozen seconds for each. It composes accents even in quotes, so that the third has another
        // name there.
        List<String> names = server.isCockroach() ? EvilNames.inShort().subList(0, 2) : EvilNames.inShort();
        for (String name : names) {
            List<String> schema = List.of(
                    "CREATE SCHEMA " + quote(name),
                    "CREATE TABLE %1$s.%1$s (%1$s bigint PRIMARY KEY)".formatted(quote(name)),
                    "CREATE TABLE %1$s.t (%1$s bigint, CONSTRAINT %1$s FOREIGN KEY (%1$s) REFERENCES %1$s.%1$s)"
                            .formatted(quote(name)),
                    "INSERT INTO %1$s.%1$s VALUES (1), (2)".formatted(quote(name)),
                    "INSERT INTO %s.t VALUES (1)".formatted(quote(name)));
            try (CascadeContract contract = CascadeContract.on(server, schema)) {
                contract.with("cascade_parent", quote(name) + "." + quote(name))
                        .flyway(flyway -> flyway.defaultSchema(name));
                CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
                assertThat(cleanup.plan().conversions()).as(name).hasSize(1);
                assertThat(cleanup.verify().passed()).as(name).isFalse();
                assertThat(cleanup.audit().toText()).as(name).isNotEmpty();
                assertThat(cleanup.audit().toHtml()).as(name).contains("</html>");
                assertThat(cleanup.prove().verdict()).as(name).isEqualTo(ProofReport.Verdict.REFUSED);
                String script = cleanup.migrationScript("60");
                String undo = cleanup.undoScript("60");
                Script.run(contract.database().warmDataSource(), script);
                contract.assertCascading(id -> true);
                assertThat(contract.journals()).containsExactly(name);
                assertThat(cleanup.prove().verdict()).as(name).isEqualTo(ProofReport.Verdict.PASSED);
                assertThat(cleanup.verify().passed()).as(name).isTrue();
                assertThat(cleanup.planUndo(UndoOptions.defaults()).restorations())
                        .as(name)
                        .hasSize(1);
                Script.run(contract.database().warmDataSource(), undo);
                contract.now().assertEqualTo(contract.before());
            }
        }
    }

    @Test
    void oneNameInManyTablesAndSchemas() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE SCHEMA a",
                "CREATE SCHEMA b",
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE a.t (u bigint, CONSTRAINT same FOREIGN KEY (u) REFERENCES public.users)",
                "CREATE TABLE b.t (u bigint, CONSTRAINT same FOREIGN KEY (u) REFERENCES public.users ON DELETE SET NULL)",
                "CREATE TABLE t (u bigint, CONSTRAINT same FOREIGN KEY (u) REFERENCES public.users ON DELETE CASCADE)",
                "CREATE TABLE other (u bigint, CONSTRAINT same FOREIGN KEY (u) REFERENCES public.users ON DELETE RESTRICT)",
                "CREATE TABLE b.other (id bigint PRIMARY KEY, u bigint, CONSTRAINT same FOREIGN KEY (u) REFERENCES b.other)")) {
            contract.migrate()
                    .assertCascading("a.t.same", "b.t.same", "other.same")
                    .assertRepeatable();
            contract.undoExactly();
        }
    }

    @Test
    void optionsNameOddForeignKeysInSqlQuoting() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE SCHEMA " + quote("S.1"),
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE %s (%s bigint, CONSTRAINT %s FOREIGN KEY (%2$s) REFERENCES users)"
                        .formatted(quote("a.b"), quote("c, d"), quote("e \"f\"")),
                "CREATE TABLE %s.t (%s bigint, CONSTRAINT fk FOREIGN KEY (%2$s) REFERENCES users)"
                        .formatted(quote("S.1"), quote("by=whom")),
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE Plain (By_Whom bigint, CONSTRAINT Fk FOREIGN KEY (By_Whom) REFERENCES users)")) {
            contract.with("cascade_keep", "\"a.b\".\"e \"\"f\"\"\" , Plain.BY_WHOM")
                    .with("cascade_set_null", "\"S.1\".t.\"by=whom\"");
            contract.migrate();
            CatalogSnapshot.State nulled = contract.before().get("S.1.t.fk").withOnDelete("n");
            contract.now()
                    .assertEqualTo(contract.before()
                            .cascading(id ->
                                    id.schema().equals("public") && id.table().equals("t"))
                            .with("S.1.t.fk", nulled));
            contract.assertRepeatable().undoExactly();
        }
    }
}
