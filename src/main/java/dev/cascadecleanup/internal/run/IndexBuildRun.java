package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.IndexReport;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.engine.MigrationLock;
import dev.cascadecleanup.internal.journal.IndexEntry;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.IndexPlan;
import dev.cascadecleanup.plan.MissingIndex;
import dev.cascadecleanup.plan.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds the indexes that the deletes of a migration will need, ahead of it; its first run makes them its own. */
public final class IndexBuildRun {

    /** How often to look again after others changed tables during the run. */
    private static final int MOST_ROUNDS = 5;

    private final Session session;
    private final CascadeOptions options;
    private final Session.Work<Boolean> wanted;
    private final IndexRun indexes;
    private final long start = System.nanoTime();
    private final List<MissingIndex> built = new ArrayList<>();

    /** A run that builds whatever is missing. */
    public IndexBuildRun(Session session, CascadeOptions options) {
        this(session, options, () -> true);
    }

    /** @param wanted asked again once the lock is there, when others may have done what this was to be ahead of */
    public IndexBuildRun(Session session, CascadeOptions options, Session.Work<Boolean> wanted) {
        this.session = session;
        this.wanted = wanted;
        this.options =
                options.toBuilder().indexes(CascadeOptions.IndexMode.CREATE).build();
        this.indexes = new IndexRun(session, this.options, IndexEntry.NO_VERSION);
    }

    /**
     * Builds them.
     *
     * @throws CascadeException if it was refused (then nothing was changed) or failed (then what is built stays so)
     */
    public IndexReport run() {
        try {
            CascadePlan plan = plan();
            if (plan.parents().isEmpty() || !plan.optionProblems().isEmpty()) {
                throw CascadeException.refused("The build of indexes", plan.problems());
            }
            return run(plan);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** The same ahead of migrations that may still make the tables, or what the options name: nothing where there is no parent. */
    public Optional<IndexReport> runIfParentIsThere() {
        try {
            CascadePlan plan = plan();
            return plan.parents().isEmpty() ? Optional.empty() : Optional.of(run(plan));
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private IndexReport run(CascadePlan first) throws SQLException {
        if (first.indexes().missing().isEmpty() && !indexes.hasUnfinished()) {
            return report(first.indexes());
        }
        refuse(first);
        return LockedRun.of(session, options, this::runLocked);
    }

    private IndexReport runLocked(MigrationLock lock) throws SQLException {
        if (!wanted.run()) {
            CascadeOptions nothing =
                    options.toBuilder().indexes(CascadeOptions.IndexMode.WARN).build();
            new IndexRun(session, nothing, IndexEntry.NO_VERSION).settle(lock);
            session.console()
                    .info(
                            "no index is built: meanwhile another instance has applied the cascade migration, and its undo");
            return new IndexReport(built, List.of(), Duration.ofNanos(System.nanoTime() - start));
        }
        indexes.settle(lock);
        for (int round = 1; ; round++) {
            ForeignKeyGraph graph = session.catalog().read();
            CascadePlan plan = plan(graph);
            if (plan.indexes().missing().isEmpty()) {
                return report(plan.indexes());
            }
            if (round > MOST_ROUNDS) {
                throw new SQLException("tables are being changed by others as fast as their indexes are built; still"
                        + " missing: " + plan.indexes().missing());
            }
            indexes.build(lock, plan.indexes(), new IndexOwners(session, graph, plan)::of);
            built.addAll(plan.indexes().missing());
        }
    }

    private CascadePlan plan() throws SQLException {
        return plan(session.catalog().read());
    }

    private CascadePlan plan(ForeignKeyGraph graph) throws SQLException {
        return Plans.withIndexes(session, options, graph, Plans.of(session, options, graph));
    }

    private void refuse(CascadePlan plan) throws SQLException {
        List<Problem> problems = new ArrayList<>(Plans.problemsOf(plan.indexes(), session.server()));
        if (session.server().product() == Product.POSTGRESQL) {
            problems.addAll(session.guarded(() ->
                    session.indexJournal().missingPrivileges(session.server().role())));
        }
        if (!problems.isEmpty()) {
            throw CascadeException.refused("The build of indexes", problems);
        }
    }

    private IndexReport report(IndexPlan last) {
        IndexReport report = new IndexReport(built, last.remarks(), Duration.ofNanos(System.nanoTime() - start));
        session.console()
                .info(
                        built.isEmpty()
                                ? "no index to build: every delete finds its rows by one"
                                : "done in " + report.elapsed().toMillis() + " ms: " + built.size() + " indexes built");
        return report;
    }

    private CascadeException failed(SQLException e) {
        return new CascadeException(
                "the build of indexes failed: " + e.getMessage()
                        + ". What is built stays so. Run it again; it goes on from here.",
                e);
    }
}
