package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Joins the rows of the single catalog queries in memory: on CockroachDB because its own joins over pg_catalog can be wrong,
 * on PostgreSQL because it is one code and as fast. What cannot be joined is never left out: it becomes something not seen.
 */
final class GraphBuilder {

    /** The queries are not one snapshot: what was dropped between two of them is gone at the next look. */
    private static final int MOST_LOOKS = 3;

    /** One look at the catalog. */
    @FunctionalInterface
    interface Look {
        GraphBuilder read() throws SQLException;
    }

    final Map<Long, Table> tables = new HashMap<>();
    /** Temporary tables and the system's own: their foreign keys are nobody's concern here, however they came to be read. */
    final Set<Long> leftOut = new HashSet<>();

    final Columns columns = new Columns();
    final Indexes indexes = new Indexes();
    final List<ForeignKeyRow> foreignKeys = new ArrayList<>();
    /** Those that have lost their names already. */
    final List<ForeignKeyRow> beingDropped = new ArrayList<>();

    final List<NotSeen> notSeen = new ArrayList<>();
    final List<NotSeen> inOtherDatabases = new ArrayList<>();
    final List<ForeignKeyGraph.Interceptor> interceptors = new ArrayList<>();
    final Map<String, Set<Long>> publications = new HashMap<>();
    final NullKnowledge nulls = new NullKnowledge();
    /** CockroachDB: by table what refuses rows, unique indexes and CHECK constraints, as the catalog prints it. */
    final Map<Long, List<String>> constraintTexts = new HashMap<>();

    final Map<Long, List<String>> triggerStates = new HashMap<>();
    final Map<Long, List<Long>> descendants = new HashMap<>();
    final Map<Long, Set<String>> deleters = new HashMap<>();
    final Map<Long, List<String>> storageParameters = new HashMap<>();
    CockroachFacts cockroach = CockroachFacts.NONE;

    /** Looks until everything fits together, or it does not look as if it ever will. */
    static GraphBuilder look(Look look) throws SQLException {
        for (int looks = 1; ; looks++) {
            GraphBuilder graph = look.read();
            if (looks == MOST_LOOKS || graph.fitsTogether()) {
                return graph;
            }
        }
    }

    private boolean fitsTogether() {
        return foreignKeys.stream()
                .allMatch(row ->
                        leftOut.contains(row.tableOid()) || whyUnreadable(row).isEmpty());
    }

    ForeignKeyGraph build() {
        List<ForeignKey> result = new ArrayList<>();
        List<NotSeen> unreadable = new ArrayList<>(notSeen);
        beingDropped.forEach(row -> unreadable.add(new NotSeen(
                row.referencedOid(),
                "a foreign key of " + nameOf(row.tableOid()),
                "a schema change is just dropping it, and has taken its name away already",
                "run again when that is done; SHOW JOBS lists it")));
        for (ForeignKeyRow row : foreignKeys) {
            if (leftOut.contains(row.tableOid())) {
                continue;
            }
            Optional<NotSeen> why = whyUnreadable(row);
            if (why.isEmpty()) {
                result.add(toForeignKey(row));
            } else {
                unreadable.add(why.get());
            }
        }
        return new ForeignKeyGraph(
                tables,
                result,
                descendants,
                inOtherDatabases,
                deleters,
                unreadable,
                interceptors,
                publications,
                cockroach);
    }

    private String nameOf(long tableOid) {
        Table table = tables.get(tableOid);
        return table == null ? "the table with OID " + tableOid : table.name().toString();
    }

    private Optional<NotSeen> whyUnreadable(ForeignKeyRow row) {
        Table table = tables.get(row.tableOid());
        Table referenced = tables.get(row.referencedOid());
        String what = "the foreign key "
                + (table == null ? "of the table with OID " + row.tableOid() + ", " : table.name() + ".")
                + Identifiers.display(row.name()) + " on "
                + (referenced == null
                        ? "the table with OID " + row.referencedOid()
                        : referenced.name().toString());
        if (table == null || referenced == null) {
            return Optional.of(new NotSeen(
                    row.referencedOid(),
                    what,
                    "the catalog shows this role the constraint but not the table with OID "
                            + (table == null ? row.tableOid() : row.referencedOid()),
                    "run as a role that may see both tables"));
        }
        boolean resolved = row.columns()
                .filter(pairs -> columns.contain(row.tableOid(), pairs.columns())
                        && columns.contain(row.tableOid(), row.onDeleteColumns())
                        && columns.contain(row.referencedOid(), pairs.referencedColumns()))
                .isPresent();
        return resolved
                ? Optional.empty()
                : Optional.of(new NotSeen(
                        row.referencedOid(),
                        what,
                        "its columns cannot be found in the catalog",
                        "wait until no schema change of the two tables is under way and run again; if it stays so, drop that foreign key"
                                + " and add it again"));
    }

    private ForeignKey toForeignKey(ForeignKeyRow row) {
        // Both are there: it is not unreadable.
        Table table = Objects.requireNonNull(tables.get(row.tableOid()));
        Table referenced = Objects.requireNonNull(tables.get(row.referencedOid()));
        ColumnPairs pairs = row.columns().orElseThrow();
        ForeignKeyDefinition definition = new ForeignKeyDefinition(
                pairs.columns(),
                referenced.name(),
                pairs.referencedColumns(),
                row.match(),
                row.onDelete(),
                row.onDeleteColumns(),
                row.onUpdate(),
                row.deferrability(),
                row.validated(),
                row.enforced());
        return new ForeignKey(
                row.oid(),
                row.name(),
                table,
                referenced,
                definition,
                nulls.nullable(
                        row.tableOid(),
                        pairs.columns(),
                        columns.namesWhere(row.tableOid(), pairs.columns(), Columns.Column::nullable)),
                nulls.rules(
                        row.tableOid(),
                        pairs.columns(),
                        columns.namesWhere(row.tableOid(), pairs.columns(), Columns.Column::nullable)),
                columns.namesWhere(row.tableOid(), pairs.columns(), Columns.Column::generated),
                row.temporal(),
                indexes.serve(row.oid(), row.tableOid(), pairs.columns()),
                triggerStates.getOrDefault(row.oid(), List.of()),
                row.comment());
    }
}
