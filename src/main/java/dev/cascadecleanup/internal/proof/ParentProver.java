package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.proof.row.Links;
import dev.cascadecleanup.internal.proof.row.RowFactory;
import dev.cascadecleanup.internal.proof.row.Savepoints;
import dev.cascadecleanup.internal.proof.schema.SchemaReader;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import dev.cascadecleanup.proof.MissingRow;
import dev.cascadecleanup.proof.ProofReport;
import dev.cascadecleanup.proof.Refusal;
import dev.cascadecleanup.proof.TableProof;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Stream;

/** The proof for one parent table: fill, count, delete, count, roll back, look again. */
final class ParentProver {

    private static final long FIRST_SEED = 50_000_000L;
    private static final long LAST_SEED = 2_000_000_000L;

    private final Connection connection;
    private final Server server;
    private final ForeignKeyGraph graph;
    private final ReachedTables reach;
    private final ResolvedHints hints;
    private final String firstRun;
    private final Links links;

    ParentProver(
            Connection connection,
            Server server,
            ForeignKeyGraph graph,
            ReachedTables reach,
            ResolvedHints hints,
            String firstRun) {
        this.connection = connection;
        this.server = server;
        this.graph = graph;
        this.reach = reach;
        this.hints = hints;
        this.firstRun = firstRun;
        this.links = new Links(graph, reach.perUser());
    }

    /** What was found out before the rollback. */
    private record Findings(
            Census census,
            ProofReport.Verdict verdict,
            List<TableProof> tables,
            List<Refusal> refusals,
            List<MissingRow> missing,
            List<String> notes) {}

    ProofReport.ParentProof prove() throws SQLException {
        long start = System.nanoTime();
        Findings findings = ProofTransaction.rolledBack(connection, server, this::prove);
        List<String> notes = new ArrayList<>(findings.notes());
        ProofReport.Verdict verdict = findings.verdict();
        Map<Table, Census.Count> traces = ProofTransaction.rolledBack(connection, server, transaction -> {
            transaction.useSystemPath();
            return findings.census().take(transaction.savepoints());
        });
        for (Map.Entry<Table, Census.Count> trace : traces.entrySet()) {
            if (trace.getValue().erased() + trace.getValue().other() > 0) {
                verdict = ProofReport.Verdict.FAILED;
                notes.add("after the rollback there are still rows of the throw-away users in " + trace.getKey()
                        + ": something commits on its own");
            }
        }
        return new ProofReport.ParentProof(
                reach.parent().name(),
                verdict,
                findings.tables(),
                findings.refusals(),
                findings.missing(),
                notes,
                Duration.ofNanos(System.nanoTime() - start));
    }

    /**
     * What is there before the delete.
     *
     * @param before the rows of both users
     * @param missing tables that prove nothing, and why; to be added to
     * @param notes what else to know; to be added to
     * @param complete whether nothing but these tables is missing
     */
    private record Filled(
            RowFactory rows,
            Census census,
            Map<Table, Census.Count> before,
            Map<Table, MissingRow> missing,
            List<String> notes,
            boolean complete) {}

    private Findings prove(ProofTransaction transaction) throws SQLException {
        transaction.useSystemPath();
        Set<Table> needed = reach.withReferenced(graph);
        Map<Long, TableShape> shapes = SchemaReader.of(connection, server).read(needed);
        hints.checkColumns(shapes);
        RefusalNames names = new RefusalNames(connection, transaction.isPostgres(), graph, reach.perUser());
        ConstraintModes modes = new ConstraintModes(transaction, needed);

        Filled filled = fill(transaction, shapes, modes);
        Deletion deletion = new Deletion(transaction.savepoints(), modes, filled.census(), filled.rows(), reach, names);
        if (deletion.withoutUser().isPresent()) {
            return untouched(filled, ProofReport.Verdict.INCOMPLETE, List.of());
        }
        transaction.useSessionPath();
        Savepoints.Outcome<Integer> outcome = deletion.run();
        if (outcome.succeeded()) {
            transaction.useSystemPath();
            return deleted(filled, transaction.savepoints(), outcome.value(), deletion.expected());
        }
        if (Deletion.isRefusal(outcome.failure())) {
            return untouched(filled, ProofReport.Verdict.REFUSED, deletion.refusals(outcome.failure()));
        }
        filled.notes()
                .add("the delete was cancelled, so that nothing is proved: "
                        + outcome.failure().getMessage().strip());
        return untouched(filled, ProofReport.Verdict.INCOMPLETE, List.of());
    }

    private Filled fill(ProofTransaction transaction, Map<Long, TableShape> shapes, ConstraintModes modes)
            throws SQLException {
        Savepoints savepoints = transaction.savepoints();
        transaction.useSessionPath();
        runFirst(savepoints);
        modes.checkRowsAtOnce();
        RowFactory rows = new RowFactory(
                savepoints, shapes, links, hints, ThreadLocalRandom.current().nextLong(FIRST_SEED, LAST_SEED));
        TableFiller filler = new TableFiller(rows, links, reach);
        filler.fill();
        List<String> outOfSight = outOfSight();
        List<String> notes = new ArrayList<>(outOfSight);
        notes.addAll(filler.notes());
        Optional<SQLException> late = modes.checkAll();
        late.ifPresent(e -> notes.add(
                "a check that waits for the commit failed before anything was deleted, so that the rows are not"
                        + " what a commit would take: " + e.getMessage().strip()));
        modes.restore();

        transaction.useSystemPath();
        Census census = new Census(rows, links, reach.all());
        Filled filled = new Filled(
                rows,
                census,
                census.take(savepoints),
                filler.missing(),
                notes,
                late.isEmpty() && outOfSight.isEmpty() && !filler.leavesRefusalsOpen());
        noteUncounted(filled);
        return filled;
    }

    /** What the catalog could not read may refuse, or leave rows behind. */
    private List<String> outOfSight() {
        List<Long> tables = reach.perUser().stream().map(Table::oid).toList();
        return Stream.concat(graph.notSeen().stream(), graph.inOtherDatabases().stream())
                .filter(hidden -> hidden.concerns(tables))
                .map(hidden -> "not proved: " + hidden)
                .toList();
    }

    private Findings untouched(Filled filled, ProofReport.Verdict verdict, List<Refusal> refusals) {
        return new Findings(
                filled.census(),
                verdict,
                proofs(filled, filled.before(), table -> TableProof.Verdict.UNTOUCHED),
                refusals,
                List.copyOf(filled.missing().values()),
                filled.notes());
    }

    private Findings deleted(Filled filled, Savepoints savepoints, int deleted, int expected) throws SQLException {
        Census census = filled.census();
        Map<Table, Census.Count> after = census.take(savepoints);
        noteUncounted(filled);
        boolean remains = after.values().stream().anyMatch(count -> count.erased() > 0);
        TableVerdicts verdicts = new TableVerdicts(
                reach, links, filled.before(), after, remains ? census.takeLinked(savepoints) : Map.of());
        if (deleted < expected) {
            filled.notes()
                    .add("the DELETE reported " + deleted + " rows and not " + expected
                            + ": a trigger or rule swallowed it");
        }
        List<TableProof> proofs = proofs(filled, after, verdicts::of);
        boolean failed = deleted < expected
                || proofs.stream()
                        .map(TableProof::verdict)
                        .anyMatch(verdict ->
                                verdict == TableProof.Verdict.REMAINS || verdict == TableProof.Verdict.OTHER_LOST);
        ProofReport.Verdict verdict = failed
                ? ProofReport.Verdict.FAILED
                : filled.complete() && filled.missing().isEmpty()
                        ? ProofReport.Verdict.PASSED
                        : ProofReport.Verdict.INCOMPLETE;
        return new Findings(
                census, verdict, proofs, List.of(), List.copyOf(filled.missing().values()), filled.notes());
    }

    private static void noteUncounted(Filled filled) {
        filled.census()
                .uncounted()
                .forEach((table, reason) -> filled.missing()
                        .putIfAbsent(
                                table,
                                new MissingRow(
                                        table.name(), "its rows cannot be counted: " + reason, null, List.of(), null)));
    }

    private void runFirst(Savepoints savepoints) throws SQLException {
        if (firstRun == null) {
            return;
        }
        Savepoints.Outcome<?> outcome;
        try {
            outcome = savepoints.attempt(() -> {
                Sql.execute(connection, firstRun);
                return null;
            });
        } catch (SQLException e) {
            throw new ProofRefusedException(
                    "the SQL to run first ended the transaction ("
                            + e.getMessage().strip() + "); what it did" + " itself may have been committed",
                    "Take COMMIT, ROLLBACK and the like out of it");
        }
        if (!outcome.succeeded()) {
            throw new ProofRefusedException(
                    "the SQL to run first failed: "
                            + outcome.failure().getMessage().strip(),
                    "Mend it");
        }
    }

    private List<TableProof> proofs(
            Filled filled, Map<Table, Census.Count> after, Function<Table, TableProof.Verdict> verdicts) {
        List<TableProof> proofs = new ArrayList<>();
        for (Table table : reach.all()) {
            Census.Count earlier = filled.before().get(table);
            Census.Count later = after.get(table);
            TableProof.Verdict verdict = verdicts.apply(table);
            boolean unproved = filled.missing().containsKey(table) && verdict != TableProof.Verdict.OTHER_LOST;
            proofs.add(new TableProof(
                    table.name(),
                    reach.path(table),
                    earlier.erased(),
                    later.erased(),
                    earlier.other(),
                    later.other(),
                    unproved ? TableProof.Verdict.MISSING : verdict));
        }
        reach.skipped()
                .forEach(table -> proofs.add(
                        new TableProof(table.name(), reach.path(table), 0, 0, 0, 0, TableProof.Verdict.SKIPPED)));
        return proofs;
    }
}
