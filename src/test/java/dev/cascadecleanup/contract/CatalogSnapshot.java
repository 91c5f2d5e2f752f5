package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Every foreign key of a database, with everything that the migration has to keep and the undo has to restore. Read by code of its
 * own, so that a mistake of the library's catalog reader cannot hide itself.
 */
record CatalogSnapshot(Map<Id, State> foreignKeys) {

    /** Which foreign key. */
    record Id(String schema, String table, String name) implements Comparable<Id> {

        @Override
        public int compareTo(Id other) {
            return List.of(schema, table, name)
                    .toString()
                    .compareTo(List.of(other.schema, other.table, other.name).toString());
        }

        @Override
        public String toString() {
            return schema + "." + table + "." + name;
        }
    }

    /**
     * What a foreign key is, in the letters of {@code pg_constraint} where there are such. Triggers are listed by what they do,
     * because their names change with every swap.
     */
    record State(
            List<String> columns,
            String referencedSchema,
            String referencedTable,
            List<String> referencedColumns,
            String onDelete,
            List<String> onDeleteColumns,
            String onUpdate,
            String match,
            boolean deferrable,
            boolean initiallyDeferred,
            boolean validated,
            boolean enforced,
            boolean period,
            List<String> triggers,
            String comment) {

        State withOnDelete(String action) {
            return new State(
                    columns,
                    referencedSchema,
                    referencedTable,
                    referencedColumns,
                    action,
                    List.of(),
                    onUpdate,
                    match,
                    deferrable,
                    initiallyDeferred,
                    validated,
                    enforced,
                    period,
                    triggers,
                    comment);
        }

        State withValidated(boolean nowValidated) {
            return new State(
                    columns,
                    referencedSchema,
                    referencedTable,
                    referencedColumns,
                    onDelete,
                    onDeleteColumns,
                    onUpdate,
                    match,
                    deferrable,
                    initiallyDeferred,
                    nowValidated,
                    enforced,
                    period,
                    triggers,
                    comment);
        }

        State withEnforced(boolean nowEnforced) {
            return new State(
                    columns,
                    referencedSchema,
                    referencedTable,
                    referencedColumns,
                    onDelete,
                    onDeleteColumns,
                    onUpdate,
                    match,
                    deferrable,
                    initiallyDeferred,
                    validated,
                    nowEnforced,
                    period,
                    triggers,
                    comment);
        }
    }

    static CatalogSnapshot of(TestDatabase database) throws SQLException {
        return new CatalogSnapshot(
                database.server().isCockroach()
                        ? CockroachSnapshotReader.read(database)
                        : PostgresSnapshotReader.read(database));
    }

    /** The foreign key of that name: {@code schema.table.constraint}, or {@code table.constraint} for one in public. */
    State get(String id) {
        return foreignKeys.get(find(id));
    }

    Id find(String id) {
        return foreignKeys.keySet().stream()
                .filter(key -> key.toString().equals(id) || key.toString().equals("public." + id))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(id + " is none of " + foreignKeys.keySet()));
    }

    /** The same with ON DELETE CASCADE on some. */
    CatalogSnapshot cascading(Predicate<Id> which) {
        Map<Id, State> changed = new TreeMap<>(foreignKeys);
        changed.replaceAll((id, state) -> which.test(id) ? state.withOnDelete("c") : state);
        return new CatalogSnapshot(changed);
    }

    /** The same with one foreign key changed. */
    CatalogSnapshot with(String id, State state) {
        Map<Id, State> changed = new TreeMap<>(foreignKeys);
        changed.put(find(id), state);
        return new CatalogSnapshot(changed);
    }

    /** Fails with the foreign keys that differ, and only those. */
    void assertEqualTo(CatalogSnapshot expected) {
        Collection<Id> ids = new TreeSet<>(foreignKeys.keySet());
        ids.addAll(expected.foreignKeys.keySet());
        List<String> differences = new ArrayList<>();
        for (Id id : ids) {
            State is = foreignKeys.get(id);
            State should = expected.foreignKeys.get(id);
            if (!String.valueOf(is).equals(String.valueOf(should))) {
                differences.add(id + System.lineSeparator() + "  expected " + should + System.lineSeparator()
                        + "  but is   " + is);
            }
        }
        assertThat(String.join(System.lineSeparator(), differences))
                .as("differences of the catalog")
                .isEmpty();
        assertThat(this).isEqualTo(expected);
    }
}
