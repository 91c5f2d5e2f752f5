package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlErrors;
import dev.cascadecleanup.internal.proof.row.Links;
import dev.cascadecleanup.internal.proof.row.RowFactory;
import dev.cascadecleanup.internal.proof.row.Savepoints;
import dev.cascadecleanup.internal.proof.schema.SchemaReader;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import dev.cascadecleanup.proof.ProofReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The proof for one parent table: fill, count, delete, count, try rows of others, roll back, look again. */
final class ParentProver {

    private static final long FIRST_SEED = 50_000_000L;
    private static final long LAST_SEED = 2_000_000_000L;

    private final Connection connection;
    private final Server server;
    private final ForeignKeyGraph graph;
    private final ReachedTables reach;
    private final Predictions predictions;
    private final ResolvedHints hints;
    private final @Nullable String firstRun;
    private final Links links;

    ParentProver(
            Connection connection,
            Server server,
            ForeignKeyGraph graph,
            ReachedTables reach,
            Predictions predictions,
            ResolvedHints hints,
            @Nullable String firstRun) {
        this.connection = connection;
        this.server = server;
        this.graph = graph;
        this.reach = reach;
        this.predictions = predictions;
        this.hints = hints;
        this.firstRun = firstRun;
        this.links = new Links(graph, reach.perUser());
    }

    ProofReport.ParentProof prove() throws SQLException {
        long start = System.nanoTime();
        Findings findings = ProofTransaction.rolledBack(connection, server, this::prove);
        Map<Table, Census.Count> traces = ProofTransaction.rolledBack(connection, server, transaction -> {
            transaction.useSystemPath();
            return findings.census().takeTraces(transaction.savepoints());
        });
        traces.forEach((table, trace) -> {
            if (trace.erased() + trace.other() > 0) {
                findings.worsen(ProofReport.Verdict.REMAINS);
                findings.note("after the rollback there are still rows of the throw-away users in " + table
                        + ": something commits on its own");
            }
        });
        if (findings.isToBeDecided() && !predictions.pending().isEmpty()) {
            int pending = predictions.pending().size();
            findings.note("the migration with these options has still to convert " + pending
                    + (pending == 1 ? " foreign key" : " foreign keys")
                    + ": run it, then prove again; what is to be decided above"
                    + " is what stays open after it");
        }
        return findings.proof(reach, Duration.ofNanos(System.nanoTime() - start));
    }

    private Findings prove(ProofTransaction transaction) throws SQLException {
        transaction.useSystemPath();
        Set<Table> needed = reach.withReferenced(graph);
        Map<Long, TableShape> shapes = SchemaReader.of(connection, server).read(needed);
        hints.checkColumns(shapes);
        Interceptors interceptors = new Interceptors(transaction, needed);
        RefusalNames names =
                new RefusalNames(connection, transaction.isPostgres(), graph, reach.perUser(), interceptors);
        ConstraintModes modes = new ConstraintModes(transaction, needed);

        Savepoints savepoints = transaction.savepoints();
        RowFactory rows = new RowFactory(
                savepoints, shapes, links, hints, ThreadLocalRandom.current().nextLong(FIRST_SEED, LAST_SEED));
        Census census = new Census(rows, links, reach.all());
        Findings findings = new Findings(census);
        fill(transaction, rows, modes, findings);
        findings.before(census.take(savepoints));

        Deletion deletion = new Deletion(savepoints, modes, census, rows, links, reach);
        if (deletion.withoutUser().isPresent()) {
            findings.worsen(ProofReport.Verdict.INCOMPLETE);
            findings.untouched(reach);
            return findings;
        }
        boolean passable =
                new OwnRows(transaction, reach, links, predictions, interceptors, names, deletion, findings).delete();
        TrialPlan plan = new TrialPlan(links, reach, shapes, predictions);
        if (passable) {
            List<Trial> trials = plan.trials();
            Trials run = new Trials(transaction, modes, rows, census, deletion, names, predictions);
            run.run(trials);
            findings.links(new LinkProofs(predictions, interceptors, plan, deletion, findings.isRefused()).of(trials));
            run.lost().forEach(table -> {
                findings.worsen(ProofReport.Verdict.TAKES_OTHERS_ROWS);
                findings.note("the other person has lost rows in " + table.name() + " that hang on nobody else"
                        + Findings.because(interceptors.onDelete(reach.perUser())));
            });
        } else {
            findings.note(
                    "what becomes of rows of others has not been tried, because the delete does not go through whatever is"
                            + " done about the person's own");
            findings.worsen(ProofReport.Verdict.INCOMPLETE);
        }
        findings.judge(predictions, plan);
        return findings;
    }

    private void fill(ProofTransaction transaction, RowFactory rows, ConstraintModes modes, Findings findings)
            throws SQLException {
        transaction.useSessionPath();
        runFirst(transaction.savepoints());
        modes.checkRowsAtOnce();
        TableFiller filler = new TableFiller(rows, links, reach);
        filler.fill();
        outOfSight().forEach(findings::notSeen);
        filler.missing().values().forEach(findings::missing);
        filler.notes().forEach(findings::notSeen);
        Optional<SQLException> late = modes.checkAll();
        late.ifPresent(e -> findings.notSeen(
                "a check that waits for the commit failed before anything was deleted, so that the rows are not"
                        + " what a commit would take: " + SqlErrors.describe(e).strip()));
        modes.restore();
        transaction.useSystemPath();
    }

    /** What the catalog could not read may refuse, or leave rows behind. */
    private List<String> outOfSight() {
        List<Long> tables = reach.perUser().stream().map(Table::oid).toList();
        return Stream.of(graph.notSeen(), graph.inOtherDatabases(), predictions.inherited())
                .flatMap(List::stream)
                .filter(hidden -> hidden.concerns(tables))
                .map(hidden -> "not proved: " + hidden)
                .toList();
    }

    private void runFirst(Savepoints savepoints) throws SQLException {
        if (firstRun == null) {
            return;
        }
        Optional<SQLException> failure;
        try {
            failure = savepoints.attempt(() -> Sql.execute(connection, firstRun));
        } catch (SQLException e) {
            throw new ProofRefusedException(
                    "the SQL to run first ended the transaction ("
                            + SqlErrors.describe(e).strip() + "); what it did" + " itself may have been committed",
                    "Take COMMIT, ROLLBACK and the like out of it");
        }
        if (failure.isPresent()) {
            throw new ProofRefusedException(
                    "the SQL to run first failed: "
                            + SqlErrors.describe(failure.get()).strip(),
                    "Mend it");
        }
    }
}
