package dev.cascadecleanup.erase;

import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.json.CatalogJson;
import dev.cascadecleanup.internal.json.JsonWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What an erasure did. Holds no personal data beyond the key.
 *
 * @param table the parent table
 * @param key the key of the person, as the database writes it
 * @param erased whether the person is gone; otherwise this is what is gone of it
 * @param rows what happened to the rows of each table, the parent's first
 * @param counted whether {@code rows} has those that the one DELETE took (PostgreSQL with {@code track_counts}); otherwise it has
 *     only what the steps before it took
 * @param startedAt by the clock of this machine
 * @param elapsed the wall time
 * @param longestTransaction of all that deleted
 * @param steps how many transactions deleted rows before the DELETE
 * @param retries how often a transaction lost against others, or took too long, and was tried again
 * @param leftToTheDelete which tables were not taken apart although they might have been, and why
 */
public record EraseReceipt(
        TableName table,
        String key,
        boolean erased,
        List<Rows> rows,
        boolean counted,
        Instant startedAt,
        Duration elapsed,
        Duration longestTransaction,
        int steps,
        int retries,
        List<String> leftToTheDelete) {

    /**
     * The rows of a table.
     *
     * @param table the table; a partition counts as its partitioned table
     * @param drained how many went in steps
     * @param deleted how many went with the DELETE
     * @param updated how many the DELETE detached: ON DELETE SET NULL or SET DEFAULT
     */
    public record Rows(TableName table, long drained, long deleted, long updated) {}

    public EraseReceipt {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(key, "key");
        rows = List.copyOf(rows);
        leftToTheDelete = List.copyOf(leftToTheDelete);
    }

    /** How many rows are gone. */
    public long rowsDeleted() {
        return rows.stream().mapToLong(row -> row.drained() + row.deleted()).sum();
    }

    /** As JSON, for the file of the request. */
    public String toJson() {
        return JsonWriter.write(toJsonObject());
    }

    /** The same as an object, to be put into a larger one: maps, lists, strings, numbers and booleans. */
    public Map<String, Object> toJsonObject() {
        return JsonWriter.object(
                "formatVersion",
                1,
                "erased",
                erased,
                "table",
                CatalogJson.table(table),
                "key",
                key,
                "rowsDeleted",
                rowsDeleted(),
                "counted",
                counted,
                "startedAt",
                startedAt.truncatedTo(ChronoUnit.MILLIS).toString(),
                "elapsedMillis",
                elapsed.toMillis(),
                "longestTransactionMillis",
                longestTransaction.toMillis(),
                "steps",
                steps,
                "retries",
                retries,
                "rows",
                rows.stream()
                        .map(row -> JsonWriter.object(
                                "table",
                                CatalogJson.table(row.table()),
                                "drained",
                                row.drained(),
                                "deleted",
                                row.deleted(),
                                "updated",
                                row.updated()))
                        .toList(),
                "leftToTheDelete",
                leftToTheDelete);
    }

    /** For people: one line, then one for each table. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(table + " " + key + (erased ? " is erased: " : " is not erased: ")
                + "%,d row%s deleted%s in %,d ms, %d step%s, longest transaction %,d ms, %d retr%s"
                        .formatted(
                                rowsDeleted(),
                                rowsDeleted() == 1 ? "" : "s",
                                counted || !erased ? "" : " in steps, the others by the DELETE",
                                elapsed.toMillis(),
                                steps,
                                steps == 1 ? "" : "s",
                                longestTransaction.toMillis(),
                                retries,
                                retries == 1 ? "y" : "ies"));
        int width = rows.stream()
                .mapToInt(row -> row.table().toString().length())
                .max()
                .orElse(0);
        for (Rows row : rows) {
            text.append("%n  %%-%ds  %%,12d in steps  %%,12d by the DELETE%%s"
                    .formatted(width)
                    .formatted(
                            row.table(),
                            row.drained(),
                            row.deleted(),
                            row.updated() == 0 ? "" : "  %,d detached".formatted(row.updated())));
        }
        leftToTheDelete.forEach(line -> text.append(System.lineSeparator())
                .append("  not taken apart: ")
                .append(line));
        return text.toString();
    }
}
