package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.CockroachTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads CockroachDB's catalog: each table of {@code pg_catalog} plainly, joined here in memory, because the server's own
 * anti-joins over it have given wrong answers, and without the functions that take milliseconds a row there. Columns go by their
 * names: see {@link ColumnPairs}.
 */
public final class CockroachCatalog implements Catalog {

    private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.(\\d+)\\.(\\d+)");
    private static final Set<String> SYSTEM_SCHEMAS =
            Set.of("pg_catalog", "information_schema", "crdb_internal", "pg_extension");
    /** What a column is called while it is being dropped; some versions look it up in vain when pg_constraint is read (#137860). */
    private static final String PLACEHOLDER = "name_placeholder";

    /** How SHOW TABLES says it, with the column unless it is {@value #REGION_COLUMN}. */
    private static final String REGIONAL_BY_ROW = "REGIONAL BY ROW";

    private static final String AS = " AS ";
    private static final String REGION_COLUMN = "crdb_region";
    private static final String UNIQUE = "CREATE UNIQUE INDEX ";

    private static final int MOST_ATTEMPTS = 20;
    private static final long PAUSE_MILLIS = 250;

    private final Connection connection;
    private final String versionText;

    /**
     * Reads over this connection, which must not be inside a transaction.
     *
     * @param versionText what {@code version()} says
     */
    CockroachCatalog(Connection connection, String versionText) {
        this.connection = connection;
        this.versionText = versionText;
    }

    @Override
    public Server server() throws SQLException {
        Set<String> roles = enabledRoles();
        return Sql.queryFirst(
                        connection,
                        """
                SELECT pg_catalog.current_schemas(false) AS path, current_user AS role,
                       pg_catalog.current_setting('default_transaction_read_only') AS read_only
                """,
                        row -> new Server(
                                Product.COCKROACHDB,
                                version(),
                                versionText.split(" \\(")[0].replace("CockroachDB ", ""),
                                row.getString("role"),
                                roles.contains("admin"),
                                row.getString("read_only").equals("on"),
                                0,
                                Duration.ZERO,
                                Sql.textArray(row, "path").stream()
                                        .filter(schema -> !SYSTEM_SCHEMAS.contains(schema))
                                        .toList()))
                .orElseThrow();
    }

    private int version() {
        Matcher matcher = VERSION.matcher(versionText);
        if (!matcher.find()) {
            throw new IllegalStateException("no version number in '" + versionText + "'");
        }
        return Integer.parseInt(matcher.group(1)) * 10_000
                + Integer.parseInt(matcher.group(2)) * 100
                + Integer.parseInt(matcher.group(3));
    }

    @Override
    public ForeignKeyGraph read() throws SQLException {
        return read(true);
    }

    @Override
    public ForeignKeyGraph readForeignKeys() throws SQLException {
        return read(false);
    }

    private ForeignKeyGraph read(boolean everything) throws SQLException {
        Set<String> roles = enabledRoles();
        GraphBuilder graph = GraphBuilder.look(() -> readThroughDrops(roles, everything));
        // Alone, because a refusal would be the end of a transaction.
        new CockroachVisibility(connection, roles.contains("admin")).addNotSeen(graph);
        if (everything) {
            new CockroachNulls(connection, graph).readOnUpdate();
        }
        return graph.build();
    }

    private GraphBuilder readThroughDrops(Set<String> roles, boolean everything) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                // In one transaction: the server then makes up its catalog once, and not anew for each query, which
                // takes five times
                // as long.
                return CockroachTransaction.read(connection, () -> readOnce(roles, everything));
            } catch (SQLException e) {
                boolean dropping = SqlStates.is(e, SqlStates.UNDEFINED_COLUMN)
                        && String.valueOf(e.getMessage()).contains(PLACEHOLDER);
                if (!dropping || attempt == MOST_ATTEMPTS) {
                    throw e;
                }
                CockroachTransaction.sleep(PAUSE_MILLIS);
            }
        }
    }

    private GraphBuilder readOnce(Set<String> roles, boolean everything) throws SQLException {
        GraphBuilder graph = new GraphBuilder();
        Map<Long, String> schemas = new HashMap<>();
        Sql.query(
                connection,
                "SELECT oid, nspname FROM pg_catalog.pg_namespace",
                row -> schemas.put(row.getLong("oid"), row.getString("nspname")));
        CockroachPrivileges privileges =
                everything ? CockroachPrivileges.read(connection, roles) : CockroachPrivileges.NOT_READ;
        readTables(graph, schemas, privileges);
        readForeignKeys(graph, everything);
        readColumns(graph);
        CockroachNulls nulls = new CockroachNulls(connection, graph);
        graph.nulls.checkOnlyWhatChanges();
        Sql.forEach(
                connection,
                "SELECT conrelid, conname, condef, convalidated FROM pg_catalog.pg_constraint WHERE contype = 'c'",
                nulls::check);
        readTriggers(graph);
        if (everything) {
            Map<TableName, Long> oids = new HashMap<>();
            graph.tables.forEach((oid, table) -> oids.put(table.name(), oid));
            Map<Long, String> regionColumns = readRegionColumns(oids);
            Map<Long, List<List<String>>> uniqueColumns = readIndexes(graph, nulls, oids);
            nulls.readComputed(oids);
            graph.cockroach =
                    new CockroachFacts(graph.storageParameters, regionColumns, uniqueColumns, readSessionDefaults());
        } else {
            graph.indexes.serveEverything();
            graph.cockroach =
                    new CockroachFacts(graph.storageParameters, Map.of(), Map.of(), CockroachFacts.NONE.settings());
        }
        return graph;
    }

    private void readTables(GraphBuilder graph, Map<Long, String> schemas, CockroachPrivileges privileges)
            throws SQLException {
        Sql.forEach(connection, """
                SELECT oid, relname, relnamespace, relkind, relowner, reloptions::text AS reloptions FROM pg_catalog.pg_class WHERE relkind IN ('r', 'v', 'm')
                """, row -> {
            long oid = row.getLong("oid");
            String schema = schemas.getOrDefault(row.getLong("relnamespace"), "pg_catalog");
            if (SYSTEM_SCHEMAS.contains(schema) || schema.startsWith("pg_temp")) {
                graph.leftOut.add(oid);
                return;
            }
            TableName name = new TableName(schema, row.getString("relname"));
            String owner = privileges.owner(row.getLong("relowner"));
            String parameters = row.getString("reloptions");
            if (parameters != null) {
                graph.storageParameters.put(oid, parameters(parameters));
            }
            graph.tables.put(
                    oid,
                    new Table(
                            oid,
                            name,
                            TableKind.ofCode(row.getString("relkind")),
                            false,
                            owner,
                            privileges.mayAlter(name, owner),
                            true,
                            true,
                            true,
                            false));
            graph.deleters.put(oid, privileges.deleters(name));
        });
    }

    /** What is in an array in text form; the values that matter have no commas. */
    private static List<String> parameters(String array) {
        return List.of(array.replaceAll("^\\{|\\}$", "").replace("\"", "").split(","));
    }

    private CockroachFacts.SessionDefaults readSessionDefaults() throws SQLException {
        return Sql.queryFirst(
                        connection,
                        "SELECT pg_catalog.current_setting('default_transaction_isolation'),"
                                + " pg_catalog.current_setting('foreign_key_cascades_limit', true)::int8",
                        row -> new CockroachFacts.SessionDefaults(row.getString(1), row.getInt(2)))
                .orElseThrow();
    }

    private void readForeignKeys(GraphBuilder graph, boolean everything) throws SQLException {
        Map<Long, String> comments = new HashMap<>();
        if (everything) {
            // Constraint comments came with v22.2; before that there are none to lose. classoid of pg_constraint tells
            // them apart.
            Sql.query(connection, """
                    SELECT objoid, description FROM pg_catalog.pg_description
                    WHERE classoid = 'pg_catalog.pg_constraint'::regclass::oid
                    """, row -> comments.put(row.getLong("objoid"), row.getString("description")));
        }
        for (CockroachConstraintRow row : CockroachConstraintReader.foreignKeys(connection)) {
            (row.isBeingDropped() ? graph.beingDropped : graph.foreignKeys)
                    .add(ForeignKeyRow.of(row, comments.get(row.oid())));
        }
    }

    /** The columns that tell the region of a row, by table; most databases have no regions, and are asked no more than that. */
    private Map<Long, String> readRegionColumns(Map<TableName, Long> oids) throws SQLException {
        Map<Long, String> regionColumns = new HashMap<>();
        boolean regions = Sql.queryFirst(
                        connection, "SELECT region FROM [SHOW REGIONS FROM DATABASE]", row -> row.getString(1))
                .isPresent();
        if (regions) {
            Sql.forEach(connection, "SELECT schema_name, table_name, locality FROM [SHOW TABLES]", row -> {
                Long table = oids.get(new TableName(row.getString("schema_name"), row.getString("table_name")));
                String locality = row.getString("locality");
                if (table != null && locality != null && locality.startsWith(REGIONAL_BY_ROW)) {
                    String as = locality.substring(REGIONAL_BY_ROW.length());
                    regionColumns.put(
                            table,
                            as.startsWith(AS) ? new DefinitionText(as.substring(AS.length())).name() : REGION_COLUMN);
                }
            });
        }
        return regionColumns;
    }

    private void readColumns(GraphBuilder graph) throws SQLException {
        Set<Long> involved = new HashSet<>();
        graph.foreignKeys.forEach(fk -> {
            involved.add(fk.tableOid());
            involved.add(fk.referencedOid());
        });
        Sql.forEach(connection, """
                SELECT attrelid, attname, attnotnull, attgenerated FROM pg_catalog.pg_attribute
                WHERE attnum > 0 AND NOT attisdropped
                """, row -> {
            if (involved.contains(row.getLong("attrelid"))) {
                String generated = row.getString("attgenerated");
                graph.columns.add(
                        row.getLong("attrelid"),
                        row.getString("attname"),
                        new Columns.Column(!row.getBoolean("attnotnull"), generated != null && !generated.isBlank()));
            }
        });
    }

    private void readTriggers(GraphBuilder graph) throws SQLException {
        CockroachTriggers.read(connection, trigger -> {
            if (trigger.firesOnDelete()) {
                graph.interceptors.add(ForeignKeyGraph.Interceptor.ofDelete(
                        trigger.tableOid(), trigger.name(), trigger.describe("DELETE"), false));
            }
            if (trigger.firesOnUpdate()) {
                graph.interceptors.add(ForeignKeyGraph.Interceptor.ofUpdate(
                        trigger.tableOid(),
                        trigger.name(),
                        trigger.describe("UPDATE"),
                        false,
                        List.of(),
                        Optional.empty()));
            }
        });
    }

    /**
     * {@code pg_index} has column IDs, and a NULL condition even for a partial index; only the definition shows what it is. Returns the
     * columns of the unique ones.
     */
    private Map<Long, List<List<String>>> readIndexes(
            GraphBuilder graph, CockroachNulls nulls, Map<TableName, Long> oids) throws SQLException {
        Map<Long, List<List<String>>> uniqueColumns = new HashMap<>();
        Sql.forEach(connection, "SELECT schemaname, tablename, indexname, indexdef FROM pg_catalog.pg_indexes", row -> {
            Long table = oids.get(new TableName(row.getString("schemaname"), row.getString("tablename")));
            String definition = row.getString("indexdef");
            // An index whose text cannot be read is none that could be promised: the operator is told that there is
            // none.
            IndexText index = IndexText.parse(definition).orElse(null);
            if (table == null || index == null) {
                return;
            }
            String leading = index.leading();
            if (leading != null && index.servesLookups()) {
                graph.indexes.add(table, leading);
            }
            nulls.index(table, row.getString("indexname"), index, definition);
            if (definition.startsWith(UNIQUE) && index.condition() == null) {
                uniqueColumns.computeIfAbsent(table, oid -> new ArrayList<>()).add(index.columns());
            }
        });
        return uniqueColumns;
    }

    private Set<String> enabledRoles() throws SQLException {
        return new HashSet<>(Sql.query(
                connection, "SELECT role_name FROM information_schema.enabled_roles", row -> row.getString(1)));
    }
}
