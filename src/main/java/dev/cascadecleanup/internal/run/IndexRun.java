package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Console;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.engine.IndexEngine;
import dev.cascadecleanup.internal.engine.MigrationLock;
import dev.cascadecleanup.internal.engine.cockroach.CockroachIndexes;
import dev.cascadecleanup.internal.engine.postgres.BuildAhead;
import dev.cascadecleanup.internal.engine.postgres.FlywayLockSession;
import dev.cascadecleanup.internal.engine.postgres.PartsOfOthers;
import dev.cascadecleanup.internal.engine.postgres.PostgresIndexes;
import dev.cascadecleanup.internal.journal.IndexEntry;
import dev.cascadecleanup.internal.journal.IndexJournal;
import dev.cascadecleanup.internal.plan.Sizes;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.IndexPlan;
import dev.cascadecleanup.plan.MissingIndex;
import dev.cascadecleanup.plan.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The indexes of one run: what an interrupted one has left, what is to be built, what is to be dropped. */
final class IndexRun {

    /** Of a table that is read and sorted while its writers wait; some 200,000 rows, for which a slow disk takes half a second. */
    static final long MOST_BYTES_AT_ONCE = 16L << 20;

    private final Session session;
    private final CascadeOptions options;
    private final Console console;
    private final IndexJournal journal;
    private final String version;
    /** Null until it was found out. */
    private @Nullable Boolean writersWait;

    /** @param version of the migration that the indexes belong to, or {@link IndexEntry#NO_VERSION} for a run ahead of any */
    IndexRun(Session session, CascadeOptions options, String version) {
        this.session = session;
        this.options = options;
        this.console = session.console();
        this.journal = session.indexJournal();
        this.version = version;
    }

    /** Whether an interrupted run has left something that is not seen to its end. */
    boolean hasUnfinished() throws SQLException {
        return concerned().stream().anyMatch(entry -> entry.state() == IndexEntry.State.BUILDING);
    }

    /** Those of this version, and no others: what its undo drops. */
    List<IndexEntry> entries() throws SQLException {
        return all().stream().filter(entry -> entry.version().equals(version)).toList();
    }

    /** Those of them that an undo drops, as far as can be told without a lock. */
    List<IndexEntry> toDrop() throws SQLException {
        List<IndexEntry> entries = entries();
        if (session.server().product() != Product.POSTGRESQL || entries.isEmpty()) {
            return entries;
        }
        return session.guarded(() -> {
            List<IndexEntry> dropped = new ArrayList<>();
            for (IndexEntry entry : entries) {
                if (!PartsOfOthers.keep(session.connection(), journal.table(), entry.name())) {
                    dropped.add(entry);
                }
            }
            return dropped;
        });
    }

    /** The versions of migrations that have indexes, oldest first. */
    List<String> versions() throws SQLException {
        return all().stream()
                .map(IndexEntry::version)
                .filter(each -> !each.equals(IndexEntry.NO_VERSION))
                .distinct()
                .toList();
    }

    /** Those that were built ahead and no migration has made its own yet, as far as they serve what the deletes of this plan look for. */
    List<IndexEntry> aheadOf(CascadePlan plan, ForeignKeyGraph graph) throws SQLException {
        List<IndexEntry> ahead = all().stream()
                .filter(entry -> entry.version().equals(IndexEntry.NO_VERSION))
                .toList();
        return ahead.isEmpty() ? ahead : new AheadOfPlan(plan, graph).of(ahead);
    }

    private List<IndexEntry> all() throws SQLException {
        return session.guarded(journal::active);
    }

    /** What an interrupted run may have left to this one: a run ahead of any migration looks after everything. */
    private List<IndexEntry> concerned() throws SQLException {
        return all().stream()
                .filter(entry -> version.equals(IndexEntry.NO_VERSION)
                        || entry.version().equals(version)
                        || entry.version().equals(IndexEntry.NO_VERSION))
                .toList();
    }

    /** Makes what was built ahead of this migration its own; what was built for another one stays. */
    void adopt(CascadePlan plan, ForeignKeyGraph graph) throws SQLException {
        List<IndexEntry> mine = aheadOf(plan, graph);
        if (!mine.isEmpty()) {
            session.guarded(() -> {
                for (IndexEntry entry : mine) {
                    journal.adoptStatement(entry, version).execute(session.connection());
                }
            });
        }
    }

    /** Brings the journal and the database together after an interruption. */
    void settle(MigrationLock lock) throws SQLException {
        List<IndexEntry> entries = concerned();
        if (!entries.isEmpty()) {
            engine(lock).settle(entries, options.indexes() == CascadeOptions.IndexMode.CREATE);
        }
    }

    /**
     * Makes sure that these indexes can be built here. Inside a Flyway migration they cannot be built concurrently while Flyway's own lock
     * session keeps a snapshot; then small ones are built while writers wait, and large ones are refused.
     *
     * @throws CascadeException if some are too large
     */
    void refuseWhatWouldHang(IndexPlan plan) throws SQLException {
        if (writersWait != null || plan.missing().isEmpty()) {
            return;
        }
        Optional<String> flyway = session.underFlyway() && session.server().product() == Product.POSTGRESQL
                ? FlywayLockSession.holdingSnapshot(session.connection())
                : Optional.empty();
        List<MissingIndex> large = plan.missing().stream()
                .filter(index -> index.bytes() == MissingIndex.UNKNOWN || index.bytes() > MOST_BYTES_AT_ONCE)
                .toList();
        if (flyway.isPresent() && !large.isEmpty()) {
            throw CascadeException.refused(
                    "The cascade migration",
                    List.of(new Problem(
                            "The indexes on "
                                    + String.join(
                                            ", ",
                                            large.stream()
                                                    .map(index -> index
                                                            + (index.bytes() < 0
                                                                    ? ""
                                                                    : " of " + Sizes.text(index.bytes())))
                                                    .toList())
                                    + " cannot be built inside this Flyway migration: CREATE INDEX CONCURRENTLY would wait for"
                                    + " ever for the session in which Flyway holds its lock (" + flyway.get()
                                    + "), and the tables are too large to build them while writers wait",
                            BuildAhead.WAYS)));
        }
        writersWait = flyway.isPresent();
    }

    /** Builds what is missing, for this version. */
    void build(MigrationLock lock, IndexPlan plan) throws SQLException {
        build(lock, plan, index -> version);
    }

    /** Builds what is missing, each for the version that this says. */
    void build(MigrationLock lock, IndexPlan plan, Function<MissingIndex, String> versions) throws SQLException {
        plan.remarks().forEach(console::warn);
        if (plan.missing().isEmpty()) {
            return;
        }
        refuseWhatWouldHang(plan);
        session.guarded(() -> journal.createIfMissing());
        IndexEngine engine = engine(lock);
        int number = 0;
        for (MissingIndex index : plan.missing()) {
            String name =
                    "[%d/%d] index on %s".formatted(++number, plan.missing().size(), index);
            console.info(name + ": building"
                    + (index.bytes() < 0 ? "" : ", a table of " + Sizes.text(index.bytes()))
                    + (index.rows() < 0 ? "" : ", about " + index.rows() + " rows")
                    + (index.estimatedBytes() < 0
                            ? ""
                            : "; it will take " + Sizes.text(index.estimatedBytes()) + " at most")
                    + (Boolean.TRUE.equals(writersWait)
                            ? "; in one short transaction, as Flyway's lock would make a concurrent build wait for ever"
                            : ""));
            long began = System.nanoTime();
            engine.build(index, versions.apply(index));
            console.info(name + ": built, "
                    + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
        }
    }

    /** Drops what was built, or keeps it for good. */
    int undo(MigrationLock lock, boolean keep) throws SQLException {
        List<IndexEntry> entries = entries();
        if (entries.isEmpty()) {
            return 0;
        }
        if (keep) {
            engine(lock).settle(entries, false);
            List<IndexEntry> there = entries();
            session.guarded(() -> {
                for (IndexEntry entry : there) {
                    journal.mark(entry, IndexEntry.State.KEPT);
                }
            });
            return 0;
        }
        console.info("dropping " + entries.size() + " indexes that the migration has built");
        return engine(lock).drop(entries);
    }

    private IndexEngine engine(MigrationLock lock) throws SQLException {
        return session.server().product() == Product.POSTGRESQL
                ? new PostgresIndexes(
                        session.connection(),
                        session.monitor(),
                        options,
                        lock,
                        journal,
                        Boolean.TRUE.equals(writersWait),
                        console)
                : new CockroachIndexes(session.connection(), session.monitor(), options, lock, journal, console);
    }
}
