package dev.cascadecleanup.internal.proof.schema;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.catalog.IndexText;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.proof.check.CheckConstraint;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads CockroachDB's catalog: plain tables of {@code pg_catalog}, put together here, without the functions that are slow there. */
final class CockroachSchemaReader implements SchemaReader {

    private static final String CHECK = "CHECK ";

    private final Connection connection;

    CockroachSchemaReader(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Map<Long, TableShape> read(Collection<Table> tables) throws SQLException {
        Map<Long, TableName> names = new HashMap<>();
        tables.forEach(table -> names.put(table.oid(), table.name()));
        Set<Long> oids = names.keySet();
        Shapes shapes = new Shapes();
        readColumns(shapes, readTypes(), names);
        readUniqueKeys(shapes, oids);
        readChecks(shapes, oids);
        Sql.query(
                connection,
                "SELECT oid FROM pg_catalog.pg_class WHERE relrowsecurity",
                row -> shapes.rowSecurity.add(row.getLong(1)));
        return shapes.of(tables);
    }

    private TypeRows readTypes() throws SQLException {
        TypeRows rows = new TypeRows();
        Sql.query(connection, """
                SELECT oid, typname, typtype, typcategory, typelem, typrelid FROM pg_catalog.pg_type
                """, row -> {
            String name = row.getString("typname");
            boolean array = row.getString("typcategory").equals("A")
                    && row.getLong("typelem") != 0
                    && !name.equals("int2vector")
                    && !name.equals("oidvector");
            return rows.types.put(
                    row.getLong("oid"),
                    new TypeRow(
                            row.getLong("oid"),
                            name,
                            name,
                            row.getString("typtype"),
                            array,
                            row.getLong("typelem"),
                            0,
                            -1,
                            null,
                            false,
                            row.getLong("typrelid")));
        });
        Sql.forEach(
                connection,
                "SELECT enumtypid, enumlabel FROM pg_catalog.pg_enum ORDER BY enumtypid, enumsortorder",
                row -> {
                    Shapes.add(rows.labels, row.getLong("enumtypid"), row.getString("enumlabel"));
                });
        return rows;
    }

    private void readColumns(Shapes shapes, TypeRows types, Map<Long, TableName> names) throws SQLException {
        record Named(TableName table, String column) {}
        record Typed(
                String sql,
                @Nullable String defaultSql,
                @Nullable String generation) {}
        Map<Named, Typed> typed = new HashMap<>();
        Sql.query(
                connection,
                """
                SELECT table_schema, table_name, column_name, crdb_sql_type, column_default, generation_expression
                FROM information_schema.columns
                """,
                row -> typed.put(
                        new Named(new TableName(row.getString(1), row.getString(2)), row.getString(3)),
                        new Typed(row.getString(4), row.getString(5), row.getString(6))));
        Sql.forEach(connection, """
                SELECT attrelid, attnum, attname, atttypid, atttypmod, attnotnull, attidentity, attgenerated
                FROM pg_catalog.pg_attribute WHERE attnum > 0 AND NOT attisdropped ORDER BY attrelid, attnum
                """, row -> {
            long table = row.getLong("attrelid");
            if (names.containsKey(table)) {
                String name = row.getString("attname");
                Typed type = typed.getOrDefault(new Named(names.get(table), name), new Typed("STRING", null, null));
                String generated = row.getString("attgenerated");
                String identity = row.getString("attidentity");
                String defaultSql = type.defaultSql();
                Column.Source source = generated != null && !generated.isBlank()
                        ? Column.Source.GENERATED
                        : "a".equals(identity)
                                ? Column.Source.IDENTITY_ALWAYS
                                : "d".equals(identity)
                                        ? Column.Source.IDENTITY
                                        : defaultSql != null ? Column.Source.DEFAULT : Column.Source.NONE;
                Shapes.add(
                        shapes.columns,
                        table,
                        new Column(
                                row.getInt("attnum"),
                                name,
                                types.type(row.getLong("atttypid"), row.getInt("atttypmod"), type.sql()),
                                row.getBoolean("attnotnull"),
                                source == Column.Source.GENERATED ? type.generation() : defaultSql,
                                source));
            }
        });
    }

    /** By name: the numbers in {@code pg_index.indkey} are column IDs, and not those of {@code pg_attribute}. */
    private void readUniqueKeys(Shapes shapes, Set<Long> oids) throws SQLException {
        Map<Long, String> definitions = new HashMap<>();
        Sql.query(
                connection,
                "SELECT crdb_oid, indexdef FROM pg_catalog.pg_indexes",
                row -> definitions.put(row.getLong(1), row.getString(2)));
        Map<Long, String> names = new HashMap<>();
        Sql.query(
                connection,
                "SELECT oid, relname FROM pg_catalog.pg_class WHERE relkind = 'i'",
                row -> names.put(row.getLong(1), row.getString(2)));
        Sql.forEach(connection, """
                SELECT indexrelid, indrelid, indisprimary FROM pg_catalog.pg_index WHERE indisunique
                """, row -> {
            long table = row.getLong("indrelid");
            if (oids.contains(table)) {
                long index = row.getLong("indexrelid");
                String definition = definitions.getOrDefault(index, "UNIQUE");
                Optional<IndexText> text = IndexText.parse(definition);
                Shapes.add(
                        shapes.uniqueKeys,
                        table,
                        new UniqueKey(
                                names.getOrDefault(index, "unique"),
                                text.map(IndexText::columns).orElse(List.of()),
                                definition,
                                row.getBoolean("indisprimary"),
                                text.isPresent()
                                        && text.get().condition() == null
                                        && !text.get().expressions()));
            }
        });
    }

    private void readChecks(Shapes shapes, Set<Long> oids) throws SQLException {
        Sql.forEach(
                connection,
                "SELECT conrelid, conname, condef FROM pg_catalog.pg_constraint WHERE contype = 'c'",
                row -> {
                    if (oids.contains(row.getLong("conrelid"))) {
                        String definition = row.getString("condef");
                        String sql = definition.startsWith(CHECK) ? definition.substring(CHECK.length()) : definition;
                        Shapes.add(
                                shapes.checks,
                                row.getLong("conrelid"),
                                CheckConstraint.of(
                                        row.getString("conname"), definition, sql.replaceFirst(" NOT VALID$", "")));
                    }
                });
    }
}
