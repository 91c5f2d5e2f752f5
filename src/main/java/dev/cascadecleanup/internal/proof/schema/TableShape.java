package dev.cascadecleanup.internal.proof.schema;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.proof.check.CheckConstraint;
import dev.cascadecleanup.internal.proof.check.Expression;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What an INSERT into a table has to know.
 *
 * @param table the table
 * @param columnsByName its columns in order
 * @param uniqueKeys what keeps its rows apart
 * @param checks its CHECK constraints, and the bounds of its partitions as one of them
 * @param indexEntries its indexes of which an entry may be refused, although no value is there twice
 * @param rowSecurity whether policies of row-level security can hide rows from the current role
 * @param withoutPartitions whether it is a partitioned table that has no partition at all, and so takes no row
 */
public record TableShape(
        Table table,
        Map<String, Column> columnsByName,
        List<UniqueKey> uniqueKeys,
        List<CheckConstraint> checks,
        List<IndexEntry> indexEntries,
        boolean rowSecurity,
        boolean withoutPartitions) {

    public TableShape {
        columnsByName = new LinkedHashMap<>(columnsByName);
        uniqueKeys = List.copyOf(uniqueKeys);
        checks = List.copyOf(checks);
        indexEntries = List.copyOf(indexEntries);
    }

    /** Of a table that has been read. */
    public static TableShape of(Map<Long, TableShape> shapes, long table) {
        return Objects.requireNonNull(shapes.get(table), () -> "not read: the table with the OID " + table);
    }

    /** The columns in order. */
    public Collection<Column> columns() {
        return columnsByName.values();
    }

    /** The column of that name, which is known to be there. */
    public Column column(String name) {
        return Objects.requireNonNull(columnsByName.get(name), () -> "no column " + name + " of " + table);
    }

    /** The columns that an INSERT has to change to change this one: itself, or those that a generated column is made of. */
    public Set<String> inputsOf(String name) {
        Column column = columnsByName.get(name);
        if (column == null) {
            return Set.of();
        }
        if (column.source() != Column.Source.GENERATED || column.defaultSql() == null) {
            return Set.of(name);
        }
        Set<String> inputs = new LinkedHashSet<>(Expression.namesIn(column.defaultSql()));
        inputs.retainAll(columnsByName.keySet());
        return inputs;
    }

    /** Whether each of the columns refuses NULL. */
    public boolean allNotNull(Collection<String> columns) {
        return columns.stream().allMatch(name -> column(name).notNull());
    }

    /** The columns that tell a row from every other: the primary key, or a unique key without NULLs. */
    public Optional<List<String>> identity() {
        return uniqueKeys.stream()
                .filter(UniqueKey::identifies)
                .filter(key -> key.primary() || allNotNull(key.columns()))
                .min((a, b) -> Boolean.compare(b.primary(), a.primary()))
                .map(UniqueKey::columns);
    }
}
