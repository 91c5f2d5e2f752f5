package dev.cascadecleanup.internal.script;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.internal.engine.postgres.PartsOfOthers;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.SqlStatement;
import dev.cascadecleanup.internal.journal.IndexEntry;
import dev.cascadecleanup.internal.journal.IndexJournal;
import dev.cascadecleanup.internal.journal.MigrationIdentity;
import dev.cascadecleanup.plan.IndexPart;
import dev.cascadecleanup.plan.MissingIndex;
import java.util.List;
import java.util.function.Consumer;

/** The part of a script that builds indexes, or drops them: each statement outside a transaction. */
final class IndexScript {

    private final Product product;
    private final CascadeOptions options;
    private final MigrationIdentity identity;
    private final IndexJournal journal;
    private final Consumer<String> comment;
    private final Consumer<String> statement;

    IndexScript(
            Product product,
            CascadeOptions options,
            MigrationIdentity identity,
            IndexJournal journal,
            Consumer<String> comment,
            Consumer<String> statement) {
        this.product = product;
        this.options = options;
        this.identity = identity;
        this.journal = journal;
        this.comment = comment;
        this.statement = statement;
    }

    void adopt(List<IndexEntry> builtAhead) {
        for (IndexEntry entry : builtAhead) {
            comment.accept("built ahead: " + entry);
            statement.accept(journal.adoptStatement(entry, identity.version()).inlined());
        }
    }

    void build(List<MissingIndex> indexes) {
        if (indexes.isEmpty()) {
            return;
        }
        statement.accept(journal.createStatement());
        waitForNoTransactionForEver();
        for (MissingIndex index : indexes) {
            comment.accept("index on " + index);
            index.statements().forEach(statement);
            for (IndexPart part : index.parts()) {
                IndexEntry entry = IndexEntry.begin(identity.version(), part.tableOid(), part.table(), part.index());
                statement.accept(journal.insertStatement(
                                entry,
                                IndexEntry.State.BUILT,
                                MigrationScript.tableOid(part.table()),
                                product == Product.POSTGRESQL
                                        ? MigrationScript.tableOid(part.name())
                                        : new SqlStatement.Expression("0"))
                        .inlined());
            }
        }
        done();
    }

    void drop(List<DroppedIndex> indexes) {
        if (indexes.isEmpty()) {
            return;
        }
        comment.accept("the indexes that were built");
        waitForNoTransactionForEver();
        for (DroppedIndex index : indexes) {
            IndexEntry entry = index.entry();
            switch (index.how()) {
                case BY_ITSELF ->
                    statement.accept(
                            product == Product.POSTGRESQL
                                    ? "DROP INDEX CONCURRENTLY IF EXISTS "
                                            + entry.name().quoted()
                                    : "DROP INDEX IF EXISTS " + entry.table().quoted() + '@'
                                            + Identifiers.quote(entry.index()));
                // Locks the table and its partitions for a moment.
                case WITH_ITS_PARTS -> {
                    statement.accept("BEGIN");
                    statement.accept("LOCK TABLE ONLY " + entry.table().quoted() + " IN ACCESS EXCLUSIVE MODE");
                    statement.accept(PartsOfOthers.guard(
                            journal.table(),
                            entry.name(),
                            entry.name() + " has parts that are somebody else's, it stays"));
                    statement.accept("DROP INDEX IF EXISTS " + entry.name().quoted());
                    statement.accept("COMMIT");
                }
                case WITH_ITS_PARENT -> {}
            }
            statement.accept(journal.droppedStatement(entry).inlined());
        }
        done();
    }

    private void waitForNoTransactionForEver() {
        if (product == Product.POSTGRESQL) {
            statement.accept("SET lock_timeout = " + options.maxWait().toMillis());
        }
    }

    private void done() {
        if (product == Product.POSTGRESQL) {
            statement.accept("RESET lock_timeout");
        }
    }
}
