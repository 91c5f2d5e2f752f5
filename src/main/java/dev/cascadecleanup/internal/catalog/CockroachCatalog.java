package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.MatchType;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
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
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads CockroachDB's catalog: each table of {@code pg_catalog} plainly, joined here in memory, because the server's own
 * anti-joins over it have given wrong answers, and without the functions that take milliseconds a row there.
 */
public final class CockroachCatalog implements Catalog {

    private static final Pattern LEADING_COLUMN_NOT_NULL =
            Pattern.compile(" USING \\w+ \\((\\w+|\"(?:[^\"]|\"\")+\") .*\\) WHERE \\(\\1 IS NOT NULL\\)$");
    private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.(\\d+)\\.(\\d+)");
    private static final Set<String> SYSTEM_SCHEMAS =
            Set.of("pg_catalog", "information_schema", "crdb_internal", "pg_extension");
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

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
        // In one transaction: the server then makes up its catalog once, and not anew for each query, which takes five
        // times as long.
        GraphBuilder graph = CockroachTransaction.read(connection, () -> {
            GraphBuilder read = new GraphBuilder();
            readTables(read);
            readForeignKeys(read);
            readColumns(read);
            readIndexes(read);
            return read;
        });
        // Alone, because a refusal would be the end of a transaction.
        readInvisible(graph);
        return graph.build();
    }

    private void readTables(GraphBuilder graph) throws SQLException {
        Set<String> roles = enabledRoles();
        Map<Long, String> schemas = new HashMap<>();
        Sql.query(
                connection,
                "SELECT oid, nspname FROM pg_catalog.pg_namespace",
                row -> schemas.put(row.getLong("oid"), row.getString("nspname")));
        Map<Long, String> owners = new HashMap<>();
        Sql.query(
                connection,
                "SELECT oid, rolname FROM pg_catalog.pg_roles",
                row -> owners.put(row.getLong("oid"), row.getString("rolname")));
        Map<TableName, Set<String>> creators = new HashMap<>();
        Map<TableName, Set<String>> deleters = new HashMap<>();
        Sql.query(connection, """
                SELECT table_schema, table_name, grantee, privilege_type FROM information_schema.table_privileges
                WHERE privilege_type IN ('ALL', 'CREATE', 'DELETE')
                """, row -> {
            TableName name = new TableName(row.getString("table_schema"), row.getString("table_name"));
            String privilege = row.getString("privilege_type");
            if (!privilege.equals("DELETE")) {
                creators.computeIfAbsent(name, key -> new HashSet<>()).add(row.getString("grantee"));
            }
            if (!privilege.equals("CREATE")) {
                deleters.computeIfAbsent(name, key -> new HashSet<>()).add(row.getString("grantee"));
            }
            return null;
        });
        Sql.query(connection, """
                SELECT oid, relname, relnamespace, relkind, relowner FROM pg_catalog.pg_class WHERE relkind IN ('r', 'v', 'm')
                """, row -> {
            String schema = schemas.getOrDefault(row.getLong("relnamespace"), "pg_catalog");
            if (!SYSTEM_SCHEMAS.contains(schema) && !schema.startsWith("pg_temp")) {
                long oid = row.getLong("oid");
                TableName name = new TableName(schema, row.getString("relname"));
                String owner = owners.getOrDefault(row.getLong("relowner"), "");
                boolean alterable = roles.contains("admin")
                        || roles.contains(owner)
                        || creators.getOrDefault(name, Set.of()).stream().anyMatch(roles::contains);
                graph.tables.put(
                        oid,
                        new Table(
                                oid,
                                name,
                                TableKind.ofCode(row.getString("relkind")),
                                false,
                                owner,
                                alterable,
                                true,
                                true,
                                true,
                                false));
                graph.deleters.put(oid, deleters.getOrDefault(name, Set.of()));
            }
            return null;
        });
    }

    private void readForeignKeys(GraphBuilder graph) throws SQLException {
        Map<Long, String> comments = new HashMap<>();
        // Constraint comments came with v22.2; before that there are none to lose. classoid of pg_constraint tells them
        // apart.
        Sql.query(connection, """
                SELECT objoid, description FROM pg_catalog.pg_description
                WHERE classoid = 'pg_catalog.pg_constraint'::regclass::oid
                """, row -> comments.put(row.getLong("objoid"), row.getString("description")));
        graph.foreignKeys.addAll(Sql.query(
                connection,
                """
                SELECT oid, conname, conrelid, confrelid, conkey::text AS conkey, confkey::text AS confkey, confmatchtype,
                       confdeltype, confupdtype, convalidated
                FROM pg_catalog.pg_constraint WHERE contype = 'f'
                """,
                row -> new ForeignKeyRow(
                        row.getLong("oid"),
                        row.getString("conname"),
                        row.getLong("conrelid"),
                        row.getLong("confrelid"),
                        ForeignKeyRow.numbers(row.getString("conkey")),
                        ForeignKeyRow.numbers(row.getString("confkey")),
                        MatchType.ofCode(row.getString("confmatchtype")),
                        ReferentialAction.ofCode(row.getString("confdeltype")),
                        List.of(),
                        ReferentialAction.ofCode(row.getString("confupdtype")),
                        Deferrability.NOT_DEFERRABLE,
                        row.getBoolean("convalidated"),
                        true,
                        false,
                        comments.get(row.getLong("oid")))));
    }

    private void readColumns(GraphBuilder graph) throws SQLException {
        Set<Long> involved = new HashSet<>();
        graph.foreignKeys.forEach(fk -> {
            involved.add(fk.tableOid());
            involved.add(fk.referencedOid());
        });
        Sql.query(connection, """
                SELECT attrelid, attnum, attname, attnotnull, attgenerated FROM pg_catalog.pg_attribute WHERE attnum > 0
                """, row -> {
            if (involved.contains(row.getLong("attrelid"))) {
                String generated = row.getString("attgenerated");
                graph.columns.add(
                        row.getLong("attrelid"),
                        row.getInt("attnum"),
                        new Columns.Column(
                                row.getString("attname"),
                                !row.getBoolean("attnotnull"),
                                generated != null && !generated.isBlank()));
            }
            return null;
        });
    }

    /** {@code pg_index.indpred} is NULL on CockroachDB even for a partial index; only the definition shows the condition. */
    private void readIndexes(GraphBuilder graph) throws SQLException {
        Set<Long> unusable = new HashSet<>();
        Sql.query(connection, "SELECT crdb_oid, indexdef FROM pg_catalog.pg_indexes", row -> {
            String definition = row.getString("indexdef");
            boolean partial = definition.contains(" WHERE ")
                    && !LEADING_COLUMN_NOT_NULL.matcher(definition).find();
            if (partial || definition.contains(" USING gin ") || definition.contains(" USING inverted ")) {
                unusable.add(row.getLong("crdb_oid"));
            }
            return null;
        });
        Sql.query(connection, "SELECT indexrelid, indrelid, indkey::text AS indkey FROM pg_catalog.pg_index", row -> {
            List<Integer> columns = ForeignKeyRow.numbers(row.getString("indkey"));
            if (!columns.isEmpty() && !unusable.contains(row.getLong("indexrelid"))) {
                graph.indexes.add(row.getLong("indrelid"), columns.get(0));
            }
            return null;
        });
    }

    /**
     * A table without any privilege for the role is missing from pg_constraint together with its foreign keys, so that all
     * could look done. The dependencies of the referenced table show that there are more.
     */
    private void readInvisible(GraphBuilder graph) throws SQLException {
        record Link(long tableOid, long referencedOid) {}
        Map<Link, Integer> visible = new HashMap<>();
        graph.foreignKeys.forEach(fk -> visible.merge(new Link(fk.tableOid(), fk.referencedOid()), 1, Integer::sum));
        List<Link> missing = new ArrayList<>();
        try {
            Sql.query(connection, """
                    SELECT descriptor_id, dependedonby_id FROM crdb_internal.forward_dependencies WHERE dependedonby_type = 'fk'
                    """, row -> {
                Link link = new Link(row.getLong("dependedonby_id"), row.getLong("descriptor_id"));
                if (visible.merge(link, -1, Integer::sum) < 0) {
                    missing.add(link);
                }
                return null;
            });
        } catch (SQLException e) {
            // Newer versions close crdb_internal to ordinary sessions; what cannot be asked is documented, not guessed.
            if (!SqlStates.is(e, INSUFFICIENT_PRIVILEGE)) {
                throw e;
            }
            return;
        }
        if (missing.isEmpty()) {
            return;
        }
        Map<String, String> otherDatabases = crossDatabaseReferences();
        for (Link link : missing) {
            Table referenced = graph.tables.get(link.referencedOid());
            String other = referenced == null
                    ? null
                    : otherDatabases.get(
                            referenced.name().schema() + '.' + referenced.name().name());
            boolean inOtherDatabase = other != null && !graph.tables.containsKey(link.tableOid());
            graph.invisible.add(new ForeignKeyGraph.InvisibleForeignKey(
                    link.tableOid(),
                    link.referencedOid(),
                    inOtherDatabase
                            ? "a foreign key of " + other
                            : "a foreign key of the table with ID " + link.tableOid(),
                    inOtherDatabase));
        }
    }

    /** Which tables of other databases reference a table here: by {@code schema.table}, in words. */
    private Map<String, String> crossDatabaseReferences() throws SQLException {
        Map<String, String> references = new HashMap<>();
        Sql.query(
                connection,
                """
                SELECT object_database, object_schema, object_name, referenced_object_schema, referenced_object_name
                FROM "".crdb_internal.cross_db_references WHERE referenced_object_database = pg_catalog.current_database()
                """,
                row -> references.merge(
                        row.getString("referenced_object_schema") + '.' + row.getString("referenced_object_name"),
                        "database " + row.getString("object_database") + ", table " + row.getString("object_schema")
                                + '.' + row.getString("object_name"),
                        (a, b) -> a + " or " + b));
        return references;
    }

    private Set<String> enabledRoles() throws SQLException {
        return new HashSet<>(Sql.query(
                connection, "SELECT role_name FROM information_schema.enabled_roles", row -> row.getString(1)));
    }
}
