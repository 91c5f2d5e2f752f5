package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Console;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.internal.engine.IndexEngine;
import dev.cascadecleanup.internal.engine.MigrationLock;
import dev.cascadecleanup.internal.engine.cockroach.CockroachIndexes;
import dev.cascadecleanup.internal.engine.postgres.BuildAhead;
import dev.cascadecleanup.internal.engine.postgres.FlywayLockSession;
import dev.cascadecleanup.internal.engine.postgres.PostgresIndexes;
import dev.cascadecleanup.internal.journal.IndexEntry;
import dev.cascadecleanup.internal.journal.IndexJournal;
import dev.cascadecleanup.internal.plan.Sizes;
import dev.cascadecleanup.plan.IndexPlan;
import dev.cascadecleanup.plan.MissingIndex;
import dev.cascadecleanup.plan.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The indexes of one run: what an interrupted one has left, what is to be built, what is to be dropped. */
final class IndexRun {

    /** Of a table that is read and sorted while its writers wait; some 200,000 rows, for which a slow disk takes half a second. */
    static final long MOST_BYTES_AT_ONCE = 16L << 20;

    private final Session session;
    private final CascadeOptions options;
    private final Console console;
    private final IndexJournal journal;
    private final String version;
    private Boolean writersWait;

    /** @param version of the migration that the indexes are built for, or {@link IndexEntry#NO_VERSION} */
    IndexRun(Session session, CascadeOptions options, String version) {
        this.session = session;
        this.options = options;
        this.console = session.console();
        this.journal = session.indexJournal();
        this.version = version;
    }

    /** Whether an interrupted run has left something that is not seen to its end. */
    boolean hasUnfinished() throws SQLException {
        return entries().stream().anyMatch(entry -> entry.state() == IndexEntry.State.BUILDING);
    }

    List<IndexEntry> entries() throws SQLException {
        return session.guarded(() -> journal.active(version));
    }

    /** Makes what was built ahead of any migration the business of this one. */
    void adopt() throws SQLException {
        if (entries().stream().anyMatch(entry -> !entry.version().equals(version))) {
            session.guarded(() -> {
                journal.adopt(version);
                return null;
            });
        }
    }

    /** Brings the journal and the database together after an interruption. */
    void settle(MigrationLock lock) throws SQLException {
        List<IndexEntry> entries = entries();
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

    /** Builds what is missing. */
    void build(MigrationLock lock, IndexPlan plan) throws SQLException {
        plan.remarks().forEach(console::warn);
        if (plan.missing().isEmpty()) {
            return;
        }
        refuseWhatWouldHang(plan);
        session.guarded(() -> {
            journal.createIfMissing();
            return null;
        });
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
            engine.build(index);
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
            session.guarded(() -> {
                for (IndexEntry entry : journal.active(version)) {
                    journal.mark(entry, IndexEntry.State.KEPT);
                }
                return null;
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
                        version,
                        Boolean.TRUE.equals(writersWait),
                        console)
                : new CockroachIndexes(
                        session.connection(), session.monitor(), options, lock, journal, version, console);
    }
}
