package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Who may do what to which table; read in two queries, because {@code has_table_privilege} takes 50 ms a table. */
final class CockroachPrivileges {

    /** For those who only look: everything is allowed, and nobody owns anything. */
    static final CockroachPrivileges NOT_READ = new CockroachPrivileges(Set.of("admin"));

    private final Set<String> roles;
    private final Map<Long, String> owners = new HashMap<>();
    private final Map<TableName, Set<String>> creators = new HashMap<>();
    private final Map<TableName, Set<String>> deleters = new HashMap<>();

    private CockroachPrivileges(Set<String> roles) {
        this.roles = roles;
    }

    /** @param roles those that the session has */
    static CockroachPrivileges read(Connection connection, Set<String> roles) throws SQLException {
        CockroachPrivileges privileges = new CockroachPrivileges(roles);
        Sql.query(
                connection,
                "SELECT oid, rolname FROM pg_catalog.pg_roles",
                row -> privileges.owners.put(row.getLong("oid"), row.getString("rolname")));
        Sql.query(connection, """
                SELECT table_schema, table_name, grantee, privilege_type FROM information_schema.table_privileges
                WHERE privilege_type IN ('ALL', 'CREATE', 'DELETE')
                """, row -> {
            TableName name = new TableName(row.getString("table_schema"), row.getString("table_name"));
            String privilege = row.getString("privilege_type");
            if (!privilege.equals("DELETE")) {
                privileges
                        .creators
                        .computeIfAbsent(name, key -> new HashSet<>())
                        .add(row.getString("grantee"));
            }
            if (!privilege.equals("CREATE")) {
                privileges
                        .deleters
                        .computeIfAbsent(name, key -> new HashSet<>())
                        .add(row.getString("grantee"));
            }
            return null;
        });
        return privileges;
    }

    String owner(long roleOid) {
        return owners.getOrDefault(roleOid, "");
    }

    boolean mayAlter(TableName table, String owner) {
        return roles.contains("admin")
                || roles.contains(owner)
                || creators.getOrDefault(table, Set.of()).stream().anyMatch(roles::contains);
    }

    Set<String> deleters(TableName table) {
        return deleters.getOrDefault(table, Set.of());
    }
}
