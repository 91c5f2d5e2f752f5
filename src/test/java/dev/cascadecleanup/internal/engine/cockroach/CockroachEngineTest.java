package dev.cascadecleanup.internal.engine.cockroach;

import static dev.cascadecleanup.internal.engine.cockroach.CockroachFixture.FK;
import static dev.cascadecleanup.internal.engine.cockroach.CockroachFixture.STAND_IN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.Outcome;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.internal.engine.ForeignKeyChangedException;
import dev.cascadecleanup.internal.engine.JournalStep;
import dev.cascadecleanup.internal.journal.JournalEntry;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From every state that an interrupted run can leave, in both directions, to the one that is wanted. */
@ContractTest(only = DatabaseKind.COCKROACHDB)
@Timeout(600)
class CockroachEngineTest {

    /** What is there when a run begins; {@code old} is the action it comes from, {@code wanted} the one it goes to. */
    enum Start {
        UNTOUCHED(true, null, null),
        STAND_IN_VALIDATED(true, "wanted", null),
        STAND_IN_NOT_VALIDATED(true, "wanted NOT VALID", null),
        ORIGINAL_GONE(false, "wanted", null),
        ORIGINAL_GONE_STAND_IN_NOT_VALIDATED(false, "wanted NOT VALID", null),
        STAND_IN_OF_A_THIRD_ACTION(true, "SET NULL", null),
        ORIGINAL_GONE_STAND_IN_OF_A_THIRD_ACTION(false, "SET NULL", null),
        ORIGINAL_GONE_STAND_IN_OF_THE_OTHER_DIRECTION(false, "old", null),
        DONE_BUT_FOR_THE_JOURNAL(false, null, "wanted"),
        DONE_WITH_STAND_IN_OF_THE_OTHER_DIRECTION(false, "old", "wanted"),
        DONE_BUT_NOT_VALIDATED(false, null, "wanted NOT VALID");

        private final boolean oldIsThere;
        private final String standIn;
        private final String original;

        Start(boolean oldIsThere, String standIn, String original) {
            this.oldIsThere = oldIsThere;
            this.standIn = standIn;
            this.original = original;
        }

        void build(CockroachFixture fixture, ReferentialAction old, ReferentialAction wanted) throws SQLException {
            if (standIn != null) {
                fixture.addForeignKey(STAND_IN, action(standIn, old, wanted));
            }
            if (!oldIsThere) {
                fixture.dropConstraint(FK);
            }
            if (original != null) {
                fixture.addForeignKey(FK, action(original, old, wanted));
            }
        }

        private static String action(String words, ReferentialAction old, ReferentialAction wanted) {
            return words.replace("wanted", wanted.sql()).replace("old", old.sql());
        }
    }

    private final TestServer server;
    private CockroachFixture fixture;

    CockroachEngineTest(TestServer server) {
        this.server = server;
    }

    @BeforeEach
    void createDatabase() throws Exception {
        fixture = new CockroachFixture(server);
    }

    @AfterEach
    void dropDatabase() throws Exception {
        fixture.close();
    }

    @Test
    void convertsAndWritesTheJournal() throws Exception {
        Conversion conversion = fixture.cascade();

        Outcome outcome = fixture.engine().convert(conversion, fixture.newStep(conversion));

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.DONE);
        assertThat(fixture.foreignKeys()).containsExactly(FK + " c true");
        assertThat(fixture.journalStates()).containsExactly("converted");
        assertThat(fixture.<Long>journalValue("constraint_oid"))
                .isEqualTo(fixture.foreignKey().oid());
    }

    @ParameterizedTest
    @EnumSource
    void finishesAnInterruptedConversionFrom(Start start) throws Exception {
        JournalEntry entry = fixture.interrupted();
        start.build(fixture, ReferentialAction.NO_ACTION, ReferentialAction.CASCADE);

        Outcome outcome = fixture.engine().resume(entry, JournalStep.resumedConversion(fixture.journal, entry));

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.DONE);
        assertThat(fixture.foreignKeys()).containsExactly(FK + " c true");
        assertThat(fixture.journalStates()).containsExactly("converted");
    }

    @ParameterizedTest
    @EnumSource
    void finishesAnInterruptedUndoFrom(Start start) throws Exception {
        JournalEntry entry = fixture.interrupted();
        fixture.addForeignKey("other", "CASCADE");
        fixture.dropConstraint(FK);
        fixture.addForeignKey(FK, "CASCADE");
        fixture.dropConstraint("other");
        start.build(fixture, ReferentialAction.CASCADE, ReferentialAction.NO_ACTION);

        Outcome outcome = fixture.engine().resume(entry, JournalStep.undo(fixture.journal, entry));

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.DONE);
        assertThat(fixture.foreignKeys()).containsExactly(FK + " a true");
        assertThat(fixture.journalStates()).containsExactly("undone");
    }

    @Test
    void finishesAfterTheTablesWereRenamed() throws Exception {
        JournalEntry entry = fixture.interrupted();
        Start.ORIGINAL_GONE.build(fixture, ReferentialAction.NO_ACTION, ReferentialAction.CASCADE);
        fixture.execute("ALTER TABLE users RENAME TO people", "ALTER TABLE trips RENAME TO journeys");

        fixture.engine().resume(entry, JournalStep.resumedConversion(fixture.journal, entry));

        assertThat(fixture.foreignKey(FK).toString()).isEqualTo("journeys." + FK + " (user_id) -> people(id)");
        assertThat(fixture.foreignKey(FK).onDelete()).isEqualTo(ReferentialAction.CASCADE);
    }

    @Test
    void leavesAForeignKeyAloneThatSomebodyChanged() throws Exception {
        Conversion conversion = fixture.cascade();
        fixture.addForeignKey("other", "SET NULL");
        fixture.dropConstraint(FK);
        fixture.execute("ALTER TABLE trips RENAME CONSTRAINT other TO " + FK);

        assertThatThrownBy(() -> fixture.engine().convert(conversion, fixture.newStep(conversion)))
                .isInstanceOf(ForeignKeyChangedException.class)
                .hasMessageContaining("trips." + FK);

        assertThat(fixture.foreignKeys()).containsExactly(FK + " n true");
        assertThat(fixture.journalStates()).isEmpty();
    }

    @Test
    void takesItsStandInAwayFromAForeignKeyThatSomebodyChanged() throws Exception {
        Conversion conversion = fixture.cascade();
        fixture.addForeignKey(STAND_IN, "CASCADE");
        fixture.dropConstraint(FK);
        fixture.addForeignKey(FK, "SET NULL");

        assertThatThrownBy(() -> fixture.engine().convert(conversion, fixture.newStep(conversion)))
                .isInstanceOf(ForeignKeyChangedException.class);

        assertThat(fixture.foreignKeys()).containsExactly(FK + " n true");
    }

    @Test
    void saysSoWhenTheForeignKeyOrItsTableIsGone() throws Exception {
        Conversion conversion = fixture.cascade();
        fixture.dropConstraint(FK);
        assertThatThrownBy(() -> fixture.engine().convert(conversion, fixture.newStep(conversion)))
                .isInstanceOf(ForeignKeyChangedException.class);

        fixture.execute("DROP TABLE trips");
        assertThatThrownBy(() -> fixture.engine().convert(conversion, fixture.newStep(conversion)))
                .isInstanceOf(ForeignKeyChangedException.class);
    }

    @Test
    void refusesWhenAnotherConstraintHasTheStandInsName() throws Exception {
        Conversion conversion = fixture.cascade();
        fixture.execute("ALTER TABLE trips ADD CONSTRAINT \"" + STAND_IN + "\" CHECK (id > 0)");
        assertThatThrownBy(() -> fixture.engine().convert(conversion, fixture.newStep(conversion)))
                .isInstanceOf(SQLException.class)
                .hasMessageContainingAll("trips." + FK, STAND_IN, "not a foreign key", "RENAME CONSTRAINT");

        fixture.execute(
                "ALTER TABLE trips DROP CONSTRAINT \"" + STAND_IN + "\"",
                "ALTER TABLE trips ADD CONSTRAINT \"" + STAND_IN + "\" FOREIGN KEY (guest_id) REFERENCES users (id)");
        assertThatThrownBy(() -> fixture.engine().convert(conversion, fixture.newStep(conversion)))
                .isInstanceOf(SQLException.class)
                .hasMessageContainingAll("trips." + FK, STAND_IN, "RENAME CONSTRAINT");

        assertThat(fixture.foreignKeys()).contains(FK + " a true", "S a true");
    }

    @Test
    void leavesAForeignKeyNotValidThatWasSoBefore() throws Exception {
        makeOrphan("NO ACTION");
        Conversion conversion = fixture.cascade();

        Outcome outcome = fixture.engine().convert(conversion, fixture.newStep(conversion));

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.STILL_NOT_VALID);
        assertThat(outcome.orphans()).isEqualTo(1);
        assertThat(fixture.database.rows(outcome.orphanQuery())).hasSize(1);
        assertThat(fixture.foreignKeys()).containsExactly(FK + " c false");
    }

    @Test
    void convertsWithoutValidatingWhenRowsAreInTheWay() throws Exception {
        makeOrphan("NO ACTION");
        Conversion conversion = validated(fixture.cascade());

        Outcome outcome = fixture.engine().convert(conversion, fixture.newStep(conversion));

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.ORPHANS_FOUND);
        assertThat(outcome.orphans()).isEqualTo(1);
        assertThat(fixture.foreignKeys()).containsExactly(FK + " c false");
        assertThat(fixture.journalStates()).containsExactly("converted");
        assertThat(fixture.console.infos()).noneMatch(line -> line.contains("999"));
    }

    @Test
    void validatesLater() throws Exception {
        makeOrphan("CASCADE");
        assertThat(fixture.engine().validate(fixture.foreignKey()).kind()).isEqualTo(Outcome.Kind.ORPHANS_FOUND);

        fixture.execute("DELETE FROM trips WHERE user_id = 999");
        assertThat(fixture.engine().validate(fixture.foreignKey()).kind()).isEqualTo(Outcome.Kind.DONE);
        assertThat(fixture.foreignKeys()).containsExactly(FK + " c true");
    }

    @Test
    void dropsAStandInOnlyBesideItsForeignKey() throws Exception {
        fixture.addForeignKey(STAND_IN, "CASCADE");
        fixture.engine().dropStandIn(fixture.foreignKey(STAND_IN));
        assertThat(fixture.foreignKeys()).containsExactly(FK + " a true");

        fixture.addForeignKey(STAND_IN, "CASCADE");
        fixture.dropConstraint(FK);
        fixture.engine().dropStandIn(fixture.foreignKey(STAND_IN));
        assertThat(fixture.foreignKeys()).containsExactly("S c true");
        assertThat(fixture.console.warnings()).anyMatch(line -> line.contains(STAND_IN));
    }

    @Test
    void givesTheSessionBackAsItWas() throws Exception {
        fixture.executeInSession("SET statement_timeout = '1234ms'");
        fixture.executeInSession("SET disallow_full_table_scans = on");
        makeOrphan("NO ACTION");
        Conversion conversion = fixture.cascade();
        assertThat(fixture.engine()
                        .convert(conversion, fixture.newStep(conversion))
                        .orphans())
                .isEqualTo(1);
        assertSessionAsBefore();

        fixture.execute("ALTER TABLE users ADD COLUMN not_unique bigint");
        Conversion impossible = toColumn("not_unique");
        assertThatThrownBy(() -> fixture.engine().convert(impossible, fixture.newStep(impossible)))
                .isInstanceOf(SQLException.class)
                .hasMessageContainingAll("trips." + FK, "no unique constraint");
        assertSessionAsBefore();
    }

    private void assertSessionAsBefore() throws SQLException {
        assertThat(fixture.inSession("SHOW statement_timeout")).isEqualTo("1234");
        assertThat(fixture.inSession("SHOW disallow_full_table_scans")).isEqualTo("on");
        assertThat(fixture.connection.getAutoCommit()).isTrue();
    }

    @Test
    void aNameThatNeedsQuotesChangesNothingButTheName() throws Exception {
        fixture.execute(
                "CREATE SCHEMA \"s\"\"; --\"",
                "CREATE TABLE \"s\"\"; --\".\"täble $$ \"\"x\" (id bigint PRIMARY KEY, \"user; DROP\" bigint, CONSTRAINT \"c \"\"o'n\""
                        + " FOREIGN KEY (\"user; DROP\") REFERENCES public.users (id))");
        var fk = fixture.foreignKey("c \"o'n");
        Conversion conversion =
                new Conversion(fk, fk.definition().withOnDelete(ReferentialAction.CASCADE), List.of(), null);

        fixture.engine().convert(conversion, fixture.newStep(conversion));

        assertThat(fixture.foreignKey("c \"o'n").definition()).isEqualTo(conversion.target());
        assertThat(fixture.catalog().read().foreignKeys()).hasSize(2);
    }

    @Test
    void worksForARoleThatMayOnlyCreate() throws Exception {
        Conversion conversion = fixture.cascade();
        try (CockroachRole role = new CockroachRole(fixture);
                Connection session = role.dataSource().getConnection()) {
            fixture.engine(session, role.dataSource(), Duration.ofMinutes(1), null)
                    .convert(conversion, fixture.newStep(conversion));
        }
        assertThat(fixture.foreignKeys()).containsExactly(FK + " c true");
    }

    @Test
    void saysSoWhenAColumnIsGone() throws Exception {
        Conversion conversion = toColumn("no_such_column");
        assertThatThrownBy(() -> fixture.engine().convert(conversion, fixture.newStep(conversion)))
                .isInstanceOf(ForeignKeyChangedException.class);
    }

    private Conversion toColumn(String referencedColumn) throws SQLException {
        ForeignKeyDefinition now = fixture.foreignKey().definition();
        return new Conversion(
                fixture.foreignKey(),
                new ForeignKeyDefinition(
                        now.columns(),
                        now.referencedTable(),
                        List.of(referencedColumn),
                        now.match(),
                        ReferentialAction.SET_NULL,
                        List.of(),
                        now.onUpdate(),
                        now.deferrability(),
                        now.validated(),
                        true),
                List.of(),
                null);
    }

    /** One row without a user, which only a foreign key that is not validated can live with. */
    private void makeOrphan(String action) throws SQLException {
        fixture.dropConstraint(FK);
        fixture.execute("INSERT INTO trips VALUES (99, 999, NULL)");
        fixture.addForeignKey(FK, action + " NOT VALID");
    }

    private static Conversion validated(Conversion conversion) {
        return new Conversion(conversion.foreignKey(), conversion.target().withValidated(true), List.of(), null);
    }
}
