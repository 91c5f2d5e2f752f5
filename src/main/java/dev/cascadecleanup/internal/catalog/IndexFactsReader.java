package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.CockroachTransaction;
import dev.cascadecleanup.internal.jdbc.Flight;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@link IndexFacts}. Takes no lock. */
public final class IndexFactsReader {

    private static final String MARKED = "%" + IndexFacts.MARK.replace("_", "\\_") + "%";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final Connection connection;
    private final ForeignKeyGraph graph;
    private final Collection<ForeignKey> foreignKeys;
    private final Map<Long, IndexFacts.Size> sizes = new HashMap<>();
    private final Map<Long, List<IndexFacts.Key>> keys = new HashMap<>();
    private final Map<Long, List<IndexFacts.PartitionIndex>> partitionIndexes = new HashMap<>();
    private final List<IndexFacts.Relation> relations = new ArrayList<>();
    private final List<IndexFacts.Relation> invalid = new ArrayList<>();
    private final Set<String> closedSchemas = new HashSet<>();
    private long databaseBytes = IndexFacts.UNKNOWN;

    private IndexFactsReader(Connection connection, ForeignKeyGraph graph, Collection<ForeignKey> foreignKeys) {
        this.connection = connection;
        this.graph = graph;
        this.foreignKeys = foreignKeys;
    }

    /**
     * The facts about foreign keys of this graph.
     *
     * @param foreignKeys those without a usable index
     * @param patient whether it waits for locks as long as they are held
     */
    public static IndexFacts read(
            Connection connection,
            Server server,
            boolean patient,
            ForeignKeyGraph graph,
            Collection<ForeignKey> foreignKeys)
            throws SQLException {
        IndexFactsReader reader = new IndexFactsReader(connection, graph, foreignKeys);
        if (server.product() == Product.POSTGRESQL) {
            PostgresTransaction.Reading<Boolean> reading = flight -> {
                reader.addTo(flight);
                return () -> true;
            };
            if (patient) {
                PostgresTransaction.readAtOnce(connection, reading);
            } else {
                PostgresTransaction.lookAtOnce(connection, reading);
            }
        } else {
            CockroachTransaction.read(connection, () -> reader.readCockroach());
            reader.readCockroachSizes();
        }
        return new IndexFacts(
                reader.sizes,
                reader.keys,
                reader.partitionIndexes,
                reader.relations,
                reader.invalid,
                reader.closedSchemas,
                reader.databaseBytes);
    }

    private void addTo(Flight flight) {
        List<String> tables = tables().stream().map(String::valueOf).toList();
        List<String> constraints =
                foreignKeys.stream().map(fk -> String.valueOf(fk.oid())).toList();
        // As of the last VACUUM or ANALYZE: to ask for the size itself would mean to wait for whoever has the table
        // locked.
        flight.query(
                """
                SELECT c.oid, c.reltuples::bigint AS row_count,
                       CASE WHEN c.reltuples < 0 AND c.relkind = 'r' THEN pg_relation_size(c.oid)
                            ELSE c.relpages::bigint * current_setting('block_size')::bigint END AS bytes
                FROM pg_class c WHERE c.oid = ANY (?::text[]::oid[])
                """,
                row -> sizes.put(
                        row.getLong("oid"), new IndexFacts.Size(row.getLong("row_count"), row.getLong("bytes"))),
                tables);
        flight.query(
                """
                SELECT c.oid, a.attname, l.collcast, s.null_frac, coalesce(s.avg_width, nullif(t.typlen, -1), 16) AS width,
                       CASE WHEN e.oprright = y.base OR ot.typtype = 'p' OR EXISTS (SELECT FROM pg_cast k
                                WHERE k.castsource = y.base AND k.casttarget = e.oprright AND k.castmethod = 'b')
                            THEN NULL ELSE format_type(e.oprright, NULL) END AS cast_to,
                       NOT EXISTS (SELECT FROM pg_cast k JOIN pg_proc f ON f.oid = k.castfunc
                                WHERE k.castsource = y.base AND k.casttarget = e.oprright AND f.provolatile <> 'i') AS indexable
                FROM pg_constraint c
                CROSS JOIN LATERAL unnest(c.conkey, c.confkey, c.conpfeqop) WITH ORDINALITY AS u(num, rnum, op, place)
                JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = u.num
                JOIN pg_attribute r ON r.attrelid = c.confrelid AND r.attnum = u.rnum
                JOIN pg_type t ON t.oid = a.atttypid
                CROSS JOIN LATERAL (SELECT CASE WHEN t.typtype = 'd' THEN (WITH RECURSIVE d(oid, base) AS (
                    SELECT t.oid, t.typbasetype UNION ALL SELECT b.oid, b.typbasetype FROM d JOIN pg_type b ON b.oid = d.base)
                  SELECT d.oid FROM d WHERE d.base = 0) ELSE t.oid END AS base) y
                JOIN pg_operator e ON e.oid = u.op JOIN pg_type ot ON ot.oid = e.oprright
                JOIN pg_class tc ON tc.oid = c.conrelid JOIN pg_namespace tn ON tn.oid = tc.relnamespace
                LEFT JOIN pg_stats s ON s.schemaname = tn.nspname AND s.tablename = tc.relname AND s.attname = a.attname
                  AND s.inherited = (tc.relkind = 'p')
                CROSS JOIN LATERAL (SELECT CASE WHEN wanted = a.attcollation THEN NULL ELSE (
                    SELECT quote_ident(n.nspname) || '.' || quote_ident(o.collname) FROM pg_collation o
                    JOIN pg_namespace n ON n.oid = o.collnamespace WHERE o.oid = wanted) END AS collcast
                  FROM (SELECT %s AS wanted) w) l
                WHERE c.oid = ANY (?::text[]::oid[])
                ORDER BY c.oid, u.place
                """.formatted(UsableIndexes.COLLATION),
                row -> {
                    double nulls = row.getDouble("null_frac");
                    return keys.computeIfAbsent(row.getLong("oid"), oid -> new ArrayList<>())
                            .add(new IndexFacts.Key(
                                    row.getString("attname"),
                                    row.getString("cast_to"),
                                    row.getString("collcast"),
                                    row.getBoolean("indexable"),
                                    row.getObject("null_frac") == null ? IndexFacts.UNKNOWN : nulls,
                                    row.getInt("width")));
                },
                constraints);
        flight.query(
                """
                WITH RECURSIVE parts (root, oid) AS (
                  SELECT p.oid, p.oid FROM pg_constraint p WHERE p.oid = ANY (?::text[]::oid[])
                  UNION
                  SELECT parts.root, k.oid FROM parts JOIN pg_constraint k ON k.conparentid = parts.oid)
                SELECT DISTINCT parts.root, c.conrelid, x.relname
                """
                        + UsableIndexes.TABLES
                        + " JOIN parts ON parts.oid = c.oid AND parts.oid <> parts.root WHERE "
                        + UsableIndexes.CONDITION,
                row -> partitionIndexes
                        .computeIfAbsent(row.getLong("root"), oid -> new ArrayList<>())
                        .add(new IndexFacts.PartitionIndex(row.getLong("conrelid"), row.getString("relname"))),
                constraints);
        flight.forEach(
                """
                SELECT n.nspname, c.relname, coalesce(i.indrelid, 0) AS indrelid, coalesce(i.indisvalid, true) AS valid
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
                WHERE c.relname LIKE ? OR (NOT i.indisvalid AND i.indrelid = ANY (?::text[]::oid[]))
                """,
                row -> {
                    IndexFacts.Relation relation = new IndexFacts.Relation(
                            new TableName(row.getString("nspname"), row.getString("relname")),
                            row.getLong("indrelid"),
                            row.getBoolean("valid"));
                    if (row.getString("relname").contains(IndexFacts.MARK)) {
                        relations.add(relation);
                    }
                    if (!row.getBoolean("valid")) {
                        invalid.add(relation);
                    }
                },
                MARKED,
                tables);
        flight.query("""
                SELECT n.nspname FROM pg_namespace n WHERE NOT has_schema_privilege(n.oid, 'CREATE')
                  AND n.oid IN (SELECT c.relnamespace FROM pg_class c WHERE c.oid = ANY (?::text[]::oid[]))
                """, row -> closedSchemas.add(row.getString("nspname")), tables);
        flight.forEach("SELECT pg_database_size(current_database()) AS bytes", row -> {
            databaseBytes = row.getLong("bytes");
        });
    }

    /** The referencing tables and their partitions. */
    private Set<Long> tables() {
        Set<Long> tables = new LinkedHashSet<>();
        foreignKeys.forEach(fk -> graph.withDescendants(fk.table()).forEach(table -> tables.add(table.oid())));
        return tables;
    }

    /** An index that is being built or dropped is not in the list. */
    private void readCockroach() throws SQLException {
        for (ForeignKey fk : foreignKeys) {
            keys.put(
                    fk.oid(),
                    fk.columns().stream()
                            .map(column -> new IndexFacts.Key(column, null, null, true, IndexFacts.UNKNOWN, 16))
                            .toList());
        }
        Sql.query(
                connection,
                "SELECT schemaname, tablename, indexname FROM pg_catalog.pg_indexes WHERE indexname LIKE ?",
                row -> {
                    TableName of = new TableName(row.getString("schemaname"), row.getString("tablename"));
                    String index = row.getString("indexname");
                    return graph.table(of)
                            .map(table -> relations.add(
                                    new IndexFacts.Relation(new TableName(of.schema(), index), table.oid(), true)));
                },
                MARKED);
    }

    /** As of the last automatic statistics. Newer versions close crdb_internal to ordinary sessions; then the sizes are not known. */
    private void readCockroachSizes() throws SQLException {
        Set<Long> tables = tables();
        try {
            Sql.forEach(
                    connection, "SELECT table_id, estimated_row_count FROM crdb_internal.table_row_statistics", row -> {
                        if (tables.contains(row.getLong("table_id")) && row.getObject("estimated_row_count") != null) {
                            sizes.put(
                                    row.getLong("table_id"),
                                    new IndexFacts.Size(row.getLong("estimated_row_count"), IndexFacts.UNKNOWN));
                        }
                    });
        } catch (SQLException e) {
            if (!SqlStates.is(e, INSUFFICIENT_PRIVILEGE)) {
                throw e;
            }
        }
    }
}
