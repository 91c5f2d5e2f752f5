package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.MatchType;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.Flight;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads PostgreSQL's catalog (manual, chapter 53) in one short transaction, and the graph in two round trips. The search path
 * of that transaction is {@code pg_catalog} alone, so that no object of an earlier schema can stand in for a system one.
 */
public final class PostgresCatalog implements Catalog {

    private static final String SYSTEM_SCHEMAS = "('pg_catalog', 'information_schema', 'pg_toast')";

    private static final String PUBLISHED_BY_SCHEMA = """

                   UNION
                   SELECT c.oid FROM pg_publication p JOIN pg_publication_namespace n ON n.pnpubid = p.oid
                   JOIN pg_class c ON c.relnamespace = n.pnnspid WHERE p.pubdelete""";

    private static final String PUBLISHED_TABLES = """
            WITH RECURSIVE published (relid) AS (
              (SELECT r.prrelid FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid WHERE p.pubdelete%s)
              UNION
              SELECT i.inhrelid FROM published JOIN pg_inherits i ON i.inhparent = published.relid
              JOIN pg_class c ON c.oid = i.inhrelid AND c.relispartition)
            """;

    private static final String IS_PUBLISHED = """
            c.relkind = 'r' AND c.relpersistence = 'p'
            AND (c.oid IN (SELECT relid FROM published) OR EXISTS (SELECT FROM pg_publication WHERE puballtables AND pubdelete))
            AND\s""";

    private final Connection connection;
    private final int major;
    private final boolean patient;

    /**
     * Reads over this connection, which must not be inside a transaction.
     *
     * @param major the version that the server itself names: what the driver knows may come from a pooler, and be older
     */
    public PostgresCatalog(Connection connection, int major) {
        this(connection, major, true);
    }

    private PostgresCatalog(Connection connection, int major, boolean patient) {
        this.connection = connection;
        this.major = major;
        this.patient = patient;
    }

    @Override
    public Catalog ofALook() {
        return new PostgresCatalog(connection, major, false);
    }

    @Override
    public boolean patient() {
        return patient;
    }

    @Override
    public Server server() throws SQLException {
        // Before the transaction takes the search path away, and with nothing in it that a search path could bend.
        List<String> searchPath = Sql.queryFirst(
                        connection,
                        "SELECT pg_catalog.current_schemas(false) AS path",
                        row -> Sql.textArray(row, "path"))
                .orElseThrow();
        return PostgresTransaction.readAtOnce(connection, flight -> {
            // The functions behind pg_stat_replication and pg_replication_slots: planning those views takes longer than
            // all the rest.
            Supplier<List<Server>> servers = flight.query(
                    """
                SELECT current_setting('server_version_num')::int AS version,
                       current_setting('server_version') AS version_text,
                       current_user AS role,
                       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
                       pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool AS read_only,
                       (SELECT count(*) FROM pg_stat_get_wal_senders() r WHERE r.state IS DISTINCT FROM 'backup' AND NOT EXISTS (
                         SELECT FROM pg_get_replication_slots() s WHERE s.slot_type = 'logical' AND s.active_pid = r.pid))::int AS standbys,
                       (extract(epoch FROM current_setting('deadlock_timeout')::interval) * 1000)::bigint AS deadlock_timeout
                """,
                    row -> new Server(
                            Product.POSTGRESQL,
                            row.getInt("version"),
                            row.getString("version_text"),
                            row.getString("role"),
                            row.getBoolean("superuser"),
                            row.getBoolean("read_only"),
                            row.getInt("standbys"),
                            Duration.ofMillis(row.getLong("deadlock_timeout")),
                            searchPath));
            return () -> servers.get().get(0);
        });
    }

    @Override
    public ForeignKeyGraph read() throws SQLException {
        return GraphBuilder.look(() -> read(true)).build();
    }

    @Override
    public ForeignKeyGraph readForeignKeys() throws SQLException {
        return GraphBuilder.look(() -> read(false)).build();
    }

    private GraphBuilder read(boolean everything) throws SQLException {
        PostgresTransaction.FlightWork<GraphBuilder> reading = first -> {
            GraphBuilder graph = new GraphBuilder();
            ColumnNumbers numbers = new ColumnNumbers();
            readColumns(first, graph, numbers);
            readForeignKeys(first, graph, numbers);
            Supplier<PostgresInventory> there = PostgresInventoryReader.read(first, major);
            first.run();
            Flight second = new Flight(connection);
            read(second, graph, everything, there.get());
            second.execute("COMMIT");
            second.run();
            return graph;
        };
        return patient
                ? PostgresTransaction.readFrom(connection, reading)
                : PostgresTransaction.lookFrom(connection, reading);
    }

    private void read(Flight flight, GraphBuilder graph, boolean everything, PostgresInventory there) {
        if (everything) {
            readTables(flight, graph, there.publications());
            readIndexes(flight, graph, there.partitions());
        } else {
            readTableNames(flight, graph);
            graph.indexes.serveEverything();
        }
        if (everything && there.publications()) {
            readPublications(flight, graph);
        }
        if (there.switchedTriggers()) {
            readTriggerStates(flight, graph);
        }
        readInheritance(flight, graph);
        PostgresNulls.read(flight, major, there, graph.nulls);
        PostgresInterceptors.read(flight, there, graph.interceptors);
        PostgresObstacles.read(flight, major, there, graph.interceptors);
        if (there.looseCollations()) {
            PostgresCollations.read(flight, major, graph.notSeen);
        }
    }

    /** For those who only look: nobody owns anything, and everything is allowed. */
    private static void readTableNames(Flight flight, GraphBuilder graph) {
        flight.query(
                """
                SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispartition
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND n.nspname NOT IN %s AND c.relpersistence <> 't'
                """.formatted(SYSTEM_SCHEMAS),
                row -> graph.tables.put(
                        row.getLong("oid"),
                        new Table(
                                row.getLong("oid"),
                                new TableName(row.getString("nspname"), row.getString("relname")),
                                TableKind.ofCode(row.getString("relkind")),
                                row.getBoolean("relispartition"),
                                "",
                                true,
                                true,
                                true,
                                true,
                                false)));
    }

    /**
     * Privileges are asked for once for each role and schema, and for a table only where somebody has granted or revoked some. The
     * publications are read from their own tables: pg_get_publication_tables, and with it the view pg_publication_tables, locks each
     * published table from PostgreSQL 16 on, and so waits for everybody's VACUUM FULL.
     */
    private void readTables(Flight flight, GraphBuilder graph, boolean publications) {
        flight.query(
                (publications ? PUBLISHED_TABLES.formatted(major >= 15 ? PUBLISHED_BY_SCHEMA : "") : "")
                        + """
                SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispartition, o.rolname AS owner, o.is_ours AS alterable,
                       n.usable AS schema_usable,
                       CASE WHEN c.relacl IS NULL AND o.is_ours THEN true
                         ELSE has_table_privilege(c.oid, 'REFERENCES')
                           OR has_any_column_privilege(c.oid, 'REFERENCES') AND NOT EXISTS (
                             SELECT FROM pg_constraint k, unnest(k.confkey) AS key(attnum)
                             WHERE k.contype = 'f' AND k.confrelid = c.oid AND NOT has_column_privilege(c.oid, key.attnum, 'REFERENCES'))
                       END AS referenceable,
                       c.relacl IS NULL OR has_table_privilege(c.relowner, c.oid, 'DELETE') AS owner_may_delete,
                       %s AS published_without_identity
                FROM pg_class c
                JOIN (SELECT oid, nspname, has_schema_privilege(oid, 'USAGE') AS usable FROM pg_namespace OFFSET 0) n
                  ON n.oid = c.relnamespace
                JOIN (SELECT oid, rolname, pg_has_role(oid, 'USAGE') AS is_ours FROM pg_roles OFFSET 0) o ON o.oid = c.relowner
                WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND n.nspname NOT IN %s AND c.relpersistence <> 't'
                """.formatted(
                                publications ? IS_PUBLISHED + ReplicaIdentity.MISSING : "false", SYSTEM_SCHEMAS),
                row -> graph.tables.put(
                        row.getLong("oid"),
                        new Table(
                                row.getLong("oid"),
                                new TableName(row.getString("nspname"), row.getString("relname")),
                                TableKind.ofCode(row.getString("relkind")),
                                row.getBoolean("relispartition"),
                                row.getString("owner"),
                                row.getBoolean("alterable"),
                                row.getBoolean("schema_usable"),
                                row.getBoolean("referenceable"),
                                row.getBoolean("owner_may_delete"),
                                row.getBoolean("published_without_identity"))));
    }

    /** None if there is one for all tables. A partition is in what its table is in. */
    private void readPublications(Flight flight, GraphBuilder graph) {
        flight.query(
                """
                WITH RECURSIVE published (name, relid) AS (
                  (SELECT p.pubname, r.prrelid FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid WHERE p.pubdelete%s)
                  UNION
                  SELECT published.name, i.inhrelid FROM published JOIN pg_inherits i ON i.inhparent = published.relid
                  JOIN pg_class c ON c.oid = i.inhrelid AND c.relispartition)
                SELECT name, relid FROM published
                WHERE NOT EXISTS (SELECT FROM pg_publication WHERE puballtables AND pubdelete)
                """.formatted(
                        major >= 15 ? PUBLISHED_BY_SCHEMA.replace("SELECT c.oid", "SELECT p.pubname, c.oid") : ""),
                row -> graph.publications
                        .computeIfAbsent(row.getString("name"), name -> new HashSet<>())
                        .add(row.getLong("relid")));
    }

    /** Needs the columns before it in the flight. A session's temporary tables reference each other only, and are nobody's concern. */
    private void readForeignKeys(Flight flight, GraphBuilder graph, ColumnNumbers numbers) {
        flight.query(
                """
                SELECT c.oid, c.conname, c.conrelid, c.confrelid, c.conkey::text AS conkey, c.confkey::text AS confkey,
                       c.confmatchtype, c.confdeltype, c.confupdtype, c.condeferrable, c.condeferred, c.convalidated,
                       %s AS confdelsetcols, %s AS enforced, %s AS period, d.description
                FROM pg_constraint c
                LEFT JOIN pg_description d
                       ON d.objoid = c.oid AND d.classoid = 'pg_constraint'::regclass AND d.objsubid = 0
                WHERE c.contype = 'f' AND c.conparentid = 0
                  AND c.connamespace NOT IN (SELECT oid FROM pg_namespace WHERE starts_with(nspname, 'pg_temp_'))
                """.formatted(
                                major >= 15 ? "c.confdelsetcols::text" : "NULL",
                                major >= 18 ? "c.conenforced" : "true",
                                major >= 18 ? "c.conperiod" : "false"),
                row -> graph.foreignKeys.add(foreignKey(row, numbers)));
    }

    private static ForeignKeyRow foreignKey(ResultSet row, ColumnNumbers numbers) throws SQLException {
        long table = row.getLong("conrelid");
        long referenced = row.getLong("confrelid");
        List<String> columns = numbers.names(table, row.getString("conkey"));
        List<String> referencedColumns = numbers.names(referenced, row.getString("confkey"));
        List<String> onDeleteColumns = numbers.names(table, row.getString("confdelsetcols"));
        Optional<ColumnPairs> pairs = columns != null && referencedColumns != null && onDeleteColumns != null
                ? Optional.of(new ColumnPairs(columns, referencedColumns))
                : Optional.empty();
        return new ForeignKeyRow(
                row.getLong("oid"),
                row.getString("conname"),
                table,
                referenced,
                pairs,
                MatchType.ofCode(row.getString("confmatchtype")),
                ReferentialAction.ofCode(row.getString("confdeltype")),
                onDeleteColumns == null ? List.of() : onDeleteColumns,
                ReferentialAction.ofCode(row.getString("confupdtype")),
                Deferrability.of(row.getBoolean("condeferrable"), row.getBoolean("condeferred")),
                row.getBoolean("convalidated"),
                row.getBoolean("enforced"),
                row.getBoolean("period"),
                row.getString("description"));
    }

    private static void readColumns(Flight flight, GraphBuilder graph, ColumnNumbers numbers) {
        flight.forEach("""
                SELECT a.attrelid, a.attnum, a.attname, a.attnotnull, a.attgenerated <> '' AS generated
                FROM pg_attribute a
                WHERE NOT a.attisdropped AND (a.attrelid, a.attnum) IN (
                  SELECT conrelid, unnest(conkey) FROM pg_constraint WHERE contype = 'f' AND conparentid = 0
                  UNION ALL
                  SELECT confrelid, unnest(confkey) FROM pg_constraint WHERE contype = 'f' AND conparentid = 0)
                """, row -> {
            numbers.add(row.getLong("attrelid"), row.getInt("attnum"), row.getString("attname"));
            graph.columns.add(
                    row.getLong("attrelid"),
                    row.getString("attname"),
                    new Columns.Column(!row.getBoolean("attnotnull"), row.getBoolean("generated")));
        });
    }

    /**
     * By the constraint, also those of partitions: where each of them has an index, the partitioned table needs none; unless one of ours
     * on it waits for them to become its parts.
     *
     * <p>Joined in the order in which it is written, which is a good one: to weigh all orders of so many tables takes the server twenty
     * times as long as the query (manual, 14.3).
     */
    private static void readIndexes(Flight flight, GraphBuilder graph, boolean partitions) {
        flight.execute("SET LOCAL join_collapse_limit = 1");
        flight.forEach("SELECT DISTINCT c.oid " + UsableIndexes.TABLES + " WHERE " + UsableIndexes.CONDITION, row -> {
            graph.indexes.addServed(row.getLong("oid"));
        });
        flight.execute("SET LOCAL join_collapse_limit TO DEFAULT");
        if (!partitions) {
            return;
        }
        flight.forEach("""
                SELECT c.oid, c.conparentid FROM pg_constraint c JOIN pg_constraint p ON p.oid = c.conparentid
                WHERE c.contype = 'f' AND c.conrelid <> p.conrelid
                  AND NOT EXISTS (SELECT FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
                    WHERE i.indrelid = p.conrelid AND NOT i.indisvalid AND strpos(x.relname, '%s') > 0)
                """.formatted(IndexFacts.MARK), row -> {
            graph.indexes.addPart(row.getLong("conparentid"), row.getLong("oid"));
        });
    }

    /**
     * The triggers behind the foreign keys that ALTER TABLE ... DISABLE TRIGGER has touched, also where they belong to the constraint
     * of a partition, which follows another one.
     */
    private static void readTriggerStates(Flight flight, GraphBuilder graph) {
        flight.query("""
                WITH RECURSIVE switched AS (
                  SELECT t.tgenabled, t.tgfoid, CASE WHEN c.conparentid <> 0 THEN t.tgrelid END AS partition, c.oid, c.conparentid
                  FROM pg_trigger t JOIN pg_constraint c ON c.oid = t.tgconstraint AND c.contype = 'f'
                  WHERE t.tgisinternal AND t.tgenabled <> 'O'
                  UNION ALL
                  SELECT s.tgenabled, s.tgfoid, s.partition, c.oid, c.conparentid
                  FROM switched s JOIN pg_constraint c ON c.oid = s.conparentid)
                SELECT s.oid, s.tgenabled, p.proname, s.partition
                FROM switched s JOIN pg_proc p ON p.oid = s.tgfoid
                WHERE s.conparentid = 0
                ORDER BY s.oid, s.partition NULLS FIRST, p.proname
                """, row -> {
            String state = TriggerRole.ofFunction(row.getString("proname")) + "=" + row.getString("tgenabled");
            Table partition = graph.tables.get(row.getLong("partition"));
            return graph.triggerStates
                    .computeIfAbsent(row.getLong("oid"), oid -> new ArrayList<>())
                    .add(partition == null ? state : state + ForeignKey.OF_PARTITION + partition.name());
        });
    }

    private static void readInheritance(Flight flight, GraphBuilder graph) {
        flight.query(
                "SELECT inhparent, inhrelid FROM pg_inherits ORDER BY inhparent, inhrelid",
                row -> graph.descendants
                        .computeIfAbsent(row.getLong("inhparent"), oid -> new ArrayList<>())
                        .add(row.getLong("inhrelid")));
    }
}
