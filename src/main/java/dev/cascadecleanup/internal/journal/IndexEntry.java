package dev.cascadecleanup.internal.journal;

import dev.cascadecleanup.catalog.TableName;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;

/**
 * One index that this library has built, or begun to build.
 *
 * @param id the row's own key
 * @param version of the migration that it was built for; empty if it was built ahead of one
 * @param state how far it has come
 * @param tableOid the table's OID then
 * @param table the table's name then
 * @param indexOid the index's OID, or 0 while it is not built. CockroachDB has none to go by
 * @param index its name then
 */
public record IndexEntry(
        UUID id, String version, State state, long tableOid, TableName table, long indexOid, String index) {

    /** Built ahead of a migration, by whose first run it is adopted. */
    public static final String NO_VERSION = "";

    /** How far an index has come. */
    public enum State {
        /** Begun; it may be there, valid or not, or not yet. */
        BUILDING,
        /** There, and ours to drop. */
        BUILT,
        /** Gone again. */
        DROPPED,
        /** There, and nobody's business any more: an undo was told to keep it. */
        KEPT;

        String stored() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State ofStored(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    public IndexEntry {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(index, "index");
    }

    /** The row for an index that is about to be built. */
    public static IndexEntry begin(String version, long tableOid, TableName table, String index) {
        return new IndexEntry(UUID.randomUUID(), version, State.BUILDING, tableOid, table, 0, index);
    }

    /** The index with its schema. */
    public TableName name() {
        return new TableName(table.schema(), index);
    }

    @Override
    public String toString() {
        return name() + " of " + table;
    }
}
