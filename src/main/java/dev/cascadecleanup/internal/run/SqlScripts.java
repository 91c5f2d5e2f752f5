package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.UndoPlan;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.journal.IndexEntry;
import dev.cascadecleanup.internal.journal.MigrationIdentity;
import dev.cascadecleanup.internal.plan.Durations;
import dev.cascadecleanup.internal.script.DroppedIndex;
import dev.cascadecleanup.internal.script.MigrationScript;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.IndexPart;
import dev.cascadecleanup.plan.MissingIndex;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The migration and its undo as scripts for one database, each with what to know at its head. */
public final class SqlScripts {

    private final Session session;
    private final CascadeOptions options;
    private final MigrationIdentity identity;
    private final CascadePlan plan;

    public SqlScripts(Session session, CascadeOptions options, String version) throws SQLException {
        this.session = session;
        this.options = options;
        this.identity = new MigrationIdentity(
                session.history().schema(),
                session.history().table(),
                Versions.require(version),
                fileName("V", version));
        this.plan = Plans.of(session, options);
        if (plan.parents().isEmpty()) {
            throw CascadeException.refused("The script", plan.problems());
        }
    }

    public String migration() throws SQLException {
        List<String> head = new ArrayList<>();
        head.add(plan.conversions().size() + " foreign keys of " + session.server() + " become what "
                + fileName("V", identity.version()) + " of flyway-cascade-cleanup would make of them.");
        howToRun(head, fileName("V", identity.version()));
        head.add("");
        head.add(
                "Each foreign key is compared first. 'invalid input syntax' or 'could not parse', with its name, means that it is not what it"
                        + " was when this was written; then, and after any other error, have the script made again: the new one has what is left.");
        if (session.server().product() == Product.POSTGRESQL) {
            head.add("What the Java migration does beyond this: where a lock is not there within "
                    + Durations.format(options.lockTimeout())
                    + " it tries again and says who holds it (this stops, SQLSTATE 55P03 or 57014, and that foreign key is as it was); it"
                    + " keeps a second run out; it looks again at the end. It also sends the ALTER together with its COMMIT, so that no lock"
                    + " waits for the client.");
        } else {
            head.add("Deletes on the parent cascade from the first ADD CONSTRAINT on, also if it fails in the end.");
            head.add(
                    "What the Java migration does beyond this: it goes on after lost answers and cancelled jobs, finishes what an interrupted"
                            + " run left (it or its undo would finish this script's too), keeps a second run out, and looks again at the end.");
        }
        head.add(
                "The journal rows are those of the Java migration: its undo and 'undo' of the command line take this script back, too.");
        if (session.server().product() == Product.POSTGRESQL && !toBuild().isEmpty()) {
            head.add(
                    "CREATE INDEX CONCURRENTLY waits for old transactions; for one of them "
                            + Durations.format(options.maxWait())
                            + " at most, and what it then leaves invalid the next script drops. By Flyway it takes"
                            + " flyway.postgresql.transactional.lock=false: with the default, Flyway's own lock is such a transaction.");
        }
        plan.hazards().forEach(hazard -> head.add("hazard: " + hazard));
        plan.problems()
                .forEach(problem -> head.add("PROBLEM, for which the Java migration would refuse to run: " + problem));
        return MigrationScript.converting(
                session.connection(),
                session.server(),
                options,
                identity,
                head,
                ahead(),
                toBuild(),
                plan.conversions());
    }

    /** Of what is still to be converted, and before that of what the journal says was converted already; the last one first. */
    public String undo() throws SQLException {
        List<Conversion> conversions = new ArrayList<>(
                plan.conversions().stream().map(Conversion::inverse).toList());
        Collections.reverse(conversions);
        UndoPlan done = new UndoRun(session, options, UndoOptions.defaults().withVersion(identity.version())).preview();
        conversions.addAll(done.restorations());
        List<String> head = new ArrayList<>();
        head.add(conversions.size() + " foreign keys of " + session.server()
                + " go back to what they were before version " + identity.version()
                + " of flyway-cascade-cleanup. Rows that cascades have deleted do not come back.");
        howToRun(head, fileName("U", identity.version()));
        head.add("");
        head.add(
                "Each foreign key is compared first; one that is not what the migration makes of it stops the script.");
        head.add(
                "It wants the journal table that the migration, or its script, has made. After it, Flyway's history still has the version"
                        + " as applied, unless the undo of Flyway's paid edition ran it.");
        done.skipped().forEach(skipped -> head.add("LEFT ALONE: " + skipped));
        return MigrationScript.undoing(
                session.connection(), session.server(), options, identity, head, conversions, toDrop());
    }

    private List<MissingIndex> toBuild() {
        return options.indexes() == CascadeOptions.IndexMode.CREATE
                ? plan.indexes().missing()
                : List.of();
    }

    /** What is still to be built, and before that what the journal says was built already, ahead too; the last one first. */
    private List<DroppedIndex> toDrop() throws SQLException {
        List<DroppedIndex> indexes = new ArrayList<>();
        for (IndexEntry entry : ahead()) {
            indexes.add(new DroppedIndex(entry, how(entry)));
        }
        for (IndexEntry entry : indexes().entries()) {
            indexes.add(new DroppedIndex(entry, how(entry)));
        }
        for (MissingIndex index : toBuild()) {
            for (IndexPart part : index.parts()) {
                DroppedIndex.How how = part.parentIndex() != null
                        ? DroppedIndex.How.WITH_ITS_PARENT
                        : part.kind() == TableKind.PARTITIONED_TABLE
                                ? DroppedIndex.How.WITH_ITS_PARTS
                                : DroppedIndex.How.BY_ITSELF;
                indexes.add(new DroppedIndex(
                        IndexEntry.begin(identity.version(), part.tableOid(), part.table(), part.index()), how));
            }
        }
        Collections.reverse(indexes);
        return indexes;
    }

    private IndexRun indexes() {
        return new IndexRun(session, options, identity.version());
    }

    /** What was built ahead of this plan, and no migration has made its own yet. */
    private List<IndexEntry> ahead() throws SQLException {
        return indexes().aheadOf(plan, session.catalog().read());
    }

    private DroppedIndex.How how(IndexEntry entry) throws SQLException {
        if (session.server().product() == Product.COCKROACHDB) {
            return DroppedIndex.How.BY_ITSELF;
        }
        return session.guarded(() -> Sql.queryFirst(
                        session.connection(),
                        """
                                SELECT c.relispartition, c.relkind = 'I' AS partitioned
                                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                                WHERE n.nspname = ? AND c.relname = ?
                                """,
                        row -> row.getBoolean("relispartition")
                                ? DroppedIndex.How.WITH_ITS_PARENT
                                : row.getBoolean("partitioned")
                                        ? DroppedIndex.How.WITH_ITS_PARTS
                                        : DroppedIndex.How.BY_ITSELF,
                        entry.name().schema(),
                        entry.name().name()))
                .orElse(DroppedIndex.How.BY_ITSELF);
    }

    private static void howToRun(List<String> head, String fileName) {
        head.add("");
        head.add("By hand: psql -v ON_ERROR_STOP=1 -f " + fileName + " (without --single-transaction).");
        head.add("By Flyway: under this name among the SQL migrations, with a file " + fileName
                + ".conf next to it that says");
        head.add("  executeInTransaction=false");
        head.add("  placeholderReplacement=false");
    }

    private static String fileName(String prefix, String version) {
        return prefix + (version.matches("\\d{1,2}") ? "0".repeat(3 - version.length()) + version : version)
                + "__CascadeCleanup.sql";
    }
}
