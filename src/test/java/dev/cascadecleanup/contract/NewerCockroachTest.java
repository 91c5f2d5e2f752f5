package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.Verification;
import dev.cascadecleanup.audit.Finding;
import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.plan.Hazard;
import dev.cascadecleanup.proof.ProofHints;
import dev.cascadecleanup.proof.ProofReport;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.DoubledConnections;
import dev.cascadecleanup.testing.DoubledConnections.Rule;
import dev.cascadecleanup.testing.NewerCockroach;
import dev.cascadecleanup.testing.TestServer;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the library makes of the answers of newer versions, through a double; what the engine does is tested beside it. */
@ContractTest(only = DatabaseKind.COCKROACHDB)
@Timeout(300)
class NewerCockroachTest {

    private static final String USERS = "CREATE TABLE users (id int8 PRIMARY KEY)";
    private static final String TRIPS =
            "CREATE TABLE trips (id int8 PRIMARY KEY, u int8, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users, INDEX (u))";

    private final TestServer server;

    NewerCockroachTest(TestServer server) {
        this.server = server;
    }

    /** v26.1: Flyway 13 and the whole of a migration with crdb_internal closed; an admin sees everything without it. */
    @Test
    void anAdminNeedsNoCrdbInternal() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS, TRIPS)) {
            doubled(contract, NewerCockroach.closedCrdbInternal(), NewerCockroach.saysItIs("v26.1.0"));
            contract.migrate().assertCascading("trips.fk").assertRepeatable();
            assertThat(CascadeCleanup.of(contract.configuration()).verify().passed())
                    .isTrue();
            contract.undoExactly();
        }
    }

    /** v26.1: everybody else sees everything with CONNECT; without it nobody knows what there is. */
    @Test
    void othersNeedConnectWhereCrdbInternalIsClosed() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS, TRIPS)) {
            String database = contract.database().name();
            String role = contract.database().createRole("migrator");
            contract.execute(
                    "REVOKE CONNECT ON DATABASE " + database + " FROM public",
                    "GRANT CREATE ON DATABASE " + database + " TO " + role,
                    "GRANT CREATE, SELECT ON TABLE users, trips TO " + role);
            DataSource closed = DoubledConnections.over(
                    contract.database().dataSource(role, role), NewerCockroach.closedCrdbInternal());
            contract.flyway(flyway -> flyway.dataSource(closed));

            assertThat(contract.migrateRefused())
                    .contains("crdb_internal", "allow_unsafe_internals", "GRANT CONNECT ON DATABASE");
            Verification verification =
                    CascadeCleanup.of(contract.configuration()).verify();
            assertThat(verification.notSeen()).hasSize(1);
            assertThat(verification.passed()).isFalse();

            // As the message says.
            contract.execute("GRANT CONNECT ON DATABASE " + database + " TO " + role);
            contract.migrate().assertCascading("trips.fk");
        }
    }

    /** v26.1: what references a table here from another database is found by that database's own catalog. */
    @Test
    void otherDatabasesAreAskedWhereCrdbInternalIsClosed() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS, TRIPS);
                CascadeContract other = CascadeContract.on(server)) {
            contract.execute("SET CLUSTER SETTING sql.cross_db_fks.enabled = true");
            other.execute("CREATE TABLE elsewhere (id int8 PRIMARY KEY, u int8 CONSTRAINT elsewhere_fk REFERENCES "
                    + contract.database().name() + ".public.users (id))");
            doubled(contract, NewerCockroach.closedCrdbInternal());
            contract.migrate().assertCascading("trips.fk");
            assertThat(CascadeCleanup.of(contract.configuration()).verify().notSeen())
                    .extracting(NotSeen::what)
                    .anySatisfy(
                            what -> assertThat(what).contains(other.database().name(), "elsewhere_fk"));
            other.execute("DROP TABLE elsewhere");
        }
    }

    /** v25.1: a schema change in the proof's transaction would commit the throw-away users. */
    @Test
    void aSchemaChangeDoesNotEndTheProofsTransaction() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS)) {
            doubled(contract, new NewerCockroach.AutocommitBeforeDdl());
            CascadeCleanup.of(contract.configuration())
                    .prove(ProofHints.none().firstRun("CREATE TABLE made_by_the_test (id int8 PRIMARY KEY)"));
            assertThat(contract.count("users")).isZero();
            assertThat(contract.database().rows("SELECT 1 FROM pg_class WHERE relname = 'made_by_the_test'"))
                    .isEmpty();
        }
    }

    /** v25.1: whatever has ended it, a proof without a transaction is no proof. */
    @Test
    void aProofWhoseTransactionIsGoneIsRefused() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS)) {
            doubled(
                    contract,
                    (connection, sql) ->
                            sql.equals("SHOW transaction_status") ? "SELECT 'NoTxn' AS transaction_status" : sql);
            assertThatThrownBy(() -> CascadeCleanup.of(contract.configuration()).prove())
                    .hasMessageContaining("NoTxn")
                    .hasMessageContaining("may have been committed");
        }
    }

    /** v23.2 to v24.3.4: a foreign key that is being dropped is no foreign key, and nobody knows yet that it is gone. */
    @Test
    void aForeignKeyThatIsBeingDroppedIsNotSeen() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS, TRIPS)) {
            doubled(contract, NewerCockroach.beingDropped("fk"));
            assertThat(contract.migrateRefused())
                    .contains("just dropping it", "SHOW JOBS")
                    .doesNotContain("may not see it");
            assertThat(CascadeCleanup.of(contract.configuration()).verify().passed())
                    .isFalse();
        }
    }

    /** The same versions: reading pg_constraint fails for a moment. */
    @Test
    void aCatalogThatCannotBeReadForAMomentIsReadAgain() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS, TRIPS)) {
            doubled(contract, NewerCockroach.pgConstraintFails(3));
            assertThat(CascadeCleanup.of(contract.configuration()).plan().conversions())
                    .hasSize(1);
        }
    }

    /** v23.1.13 and v23.2: dropped columns are rows of the catalog, also the one that a rewritten column was before. */
    @Test
    void droppedColumnsAreLeftOutWhereverColumnsAreRead() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE trips (id int8 PRIMARY KEY, u string, n string)",
                "SET enable_experimental_alter_column_type_general = true",
                "ALTER TABLE trips ALTER COLUMN u TYPE int8 USING u::int8",
                "CREATE INDEX ON trips (u)",
                "ALTER TABLE trips ADD CONSTRAINT fk FOREIGN KEY (u) REFERENCES users (id)")) {
            doubled(contract, NewerCockroach.droppedColumnsAreListed());
            CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
            cleanup.audit();
            cleanup.prove();
            cleanup.migrationScript("060");
            contract.migrate().assertCascading("trips.fk");
            assertThat(cleanup.prove().passed()).isTrue();
            contract.undoExactly();
        }
    }

    /** v25.4: its DROP would be refused when its stand-in cascades already. */
    @Test
    void aForeignKeyThatARegionIsInferredFromIsRefusedBeforeTheFirstChange() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS, TRIPS)) {
            doubled(contract, NewerCockroach.infersRegionBy("trips", "fk"));
            assertThat(contract.migrateRefused()).contains("infer_rbr_region_col_using_constraint", "cascade_keep");
        }
    }

    /** #150282, #169926: by version and by how the role's sessions begin. */
    @Test
    void cascadesUnderReadCommittedAreWarnedOf() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS, TRIPS)) {
            assertThat(hazards(contract, "v25.2.4", "read committed")).contains(Hazard.Kind.WEAK_ISOLATION);
            assertThat(hazards(contract, "v25.2.5", "read committed")).doesNotContain(Hazard.Kind.WEAK_ISOLATION);
            assertThat(hazards(contract, "v25.2.4", "serializable")).doesNotContain(Hazard.Kind.WEAK_ISOLATION);
        }
    }

    /** Row-level TTL, since v22.2. */
    @Test
    void rowsThatExpireTakeOthersAlong() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS, TRIPS)) {
            doubled(contract, NewerCockroach.expires("users"));
            assertThat(CascadeCleanup.of(contract.configuration()).plan().hazards())
                    .extracting(Hazard::kind)
                    .contains(Hazard.Kind.EXPIRING_ROWS);
        }
    }

    /** Row-level security, since v25.2. */
    @Test
    void rowSecurityIsAFindingOfTheAudit() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS, TRIPS)) {
            doubled(contract, NewerCockroach.rowSecurityOn("trips"));
            assertThat(CascadeCleanup.of(contract.configuration()).audit().findings())
                    .extracting(Finding::kind)
                    .contains(Finding.Kind.ROW_SECURITY);
        }
    }

    /** The same; the proof then does not see what it looks for. */
    @Test
    void rowSecurityMakesTheProofIncomplete() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS, TRIPS)) {
            contract.migrate();
            doubled(contract, NewerCockroach.rowSecurityOn("trips"));
            ProofReport proof = CascadeCleanup.of(contract.configuration()).prove();
            assertThat(proof.verdict()).as(proof.toString()).isEqualTo(ProofReport.Verdict.INCOMPLETE);
            assertThat(proof.toString()).contains("row-level security", "trips");
        }
    }

    /** Triggers, since v24.3; cascades fire those on DELETE since v24.3.1. */
    @Test
    void triggersThatCascadesDoNotFireAreWarnedOf() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS, TRIPS)) {
            Rule trigger = NewerCockroach.deleteTrigger("trips", "keep_a_log");
            doubled(contract, trigger, NewerCockroach.saysItIs("v24.3.0"));
            CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
            assertThat(cleanup.plan().hazards())
                    .filteredOn(hazard -> hazard.kind() == Hazard.Kind.TRIGGER_NOT_FIRED)
                    .singleElement()
                    .asString()
                    .contains("trips.keep_a_log", "v24.3.1");
            assertThat(cleanup.audit().findings())
                    .extracting(Finding::kind)
                    .contains(Finding.Kind.TRIGGER_NOT_FIRED, Finding.Kind.TRIGGER_OR_RULE);
            doubled(contract, trigger, NewerCockroach.saysItIs("v24.3.1"));
            assertThat(CascadeCleanup.of(contract.configuration()).plan().hazards())
                    .extracting(Hazard::kind)
                    .doesNotContain(Hazard.Kind.TRIGGER_NOT_FIRED);
        }
    }

    /** The same: what a trigger raises says nothing of the trigger, so that the proof names those that may have raised it. */
    @Test
    void theProofNamesTheTriggersThatMayHaveRefused() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS, TRIPS)) {
            contract.migrate();
            doubled(
                    contract,
                    NewerCockroach.deleteTrigger("trips", "keep_a_log"),
                    NewerCockroach.refusingTrigger("users", "weekdays_only"));
            ProofReport proof = CascadeCleanup.of(contract.configuration()).prove();
            assertThat(proof.verdict()).as(proof.toString()).isEqualTo(ProofReport.Verdict.REFUSED);
            assertThat(proof.refusals())
                    .singleElement()
                    .satisfies(refusal -> assertThat(refusal.interceptors())
                            .containsExactlyInAnyOrder(
                                    "perhaps trigger users.weekdays_only (BEFORE DELETE)",
                                    "perhaps trigger trips.keep_a_log (AFTER DELETE)"));
            assertThat(proof.toString()).contains("not on a Sunday", "weekdays_only");
        }
    }

    /** The same: nor does one that lets nothing happen. */
    @Test
    void theProofNamesTheTriggersThatMayHaveSwallowedTheDelete() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS, TRIPS)) {
            contract.migrate();
            doubled(contract, NewerCockroach.swallowingTrigger("users", "stay"));
            ProofReport proof = CascadeCleanup.of(contract.configuration()).prove();
            assertThat(proof.verdict()).as(proof.toString()).isEqualTo(ProofReport.Verdict.REMAINS);
            assertThat(proof.toString()).contains("swallowed it, perhaps because of trigger", "users.stay");
        }
    }

    /** v26.2: those that are switched off take no part. */
    @Test
    void triggersThatAreSwitchedOffTakeNoPart() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS, TRIPS)) {
            doubled(contract, NewerCockroach.deleteTrigger("trips", "keep_a_log"));
            assertThat(CascadeCleanup.of(contract.configuration()).plan().interceptors())
                    .hasSize(1);
            doubled(contract, NewerCockroach.deleteTriggerSwitchedOff("trips", "keep_a_log"));
            assertThat(CascadeCleanup.of(contract.configuration()).plan().interceptors())
                    .isEmpty();
        }
    }

    /** REGIONAL BY ROW, since v21.1. */
    @Test
    void cascadesThatLookIntoEveryRegionAreWarnedOf() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS, TRIPS)) {
            assertThat(hazardsOfLocality(contract, "REGIONAL BY ROW"))
                    .singleElement()
                    .asString()
                    .contains("trips.fk", "crdb_region");
            assertThat(hazardsOfLocality(contract, "REGIONAL BY ROW AS \"the region\""))
                    .singleElement()
                    .asString()
                    .contains("the region");
            assertThat(hazardsOfLocality(contract, "REGIONAL BY ROW AS u")).isEmpty();
            assertThat(hazardsOfLocality(contract, "GLOBAL")).isEmpty();
        }
    }

    private static List<Hazard> hazardsOfLocality(CascadeContract contract, String locality) {
        doubled(contract, NewerCockroach.regionalByRow("trips", locality));
        return CascadeCleanup.of(contract.configuration()).plan().hazards().stream()
                .filter(hazard -> hazard.kind() == Hazard.Kind.EVERY_REGION)
                .toList();
    }

    private List<Hazard.Kind> hazards(CascadeContract contract, String version, String isolation) {
        doubled(contract, NewerCockroach.saysItIs(version), NewerCockroach.defaultIsolation(isolation));
        return CascadeCleanup.of(contract.configuration()).plan().hazards().stream()
                .map(Hazard::kind)
                .toList();
    }

    private static void doubled(CascadeContract contract, Rule... rules) {
        DataSource doubled = DoubledConnections.over(contract.database().dataSource(), rules);
        contract.flyway(flyway -> flyway.dataSource(doubled));
    }
}
