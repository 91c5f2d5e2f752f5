package dev.cascadecleanup.preview;

import dev.cascadecleanup.catalog.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What one DELETE of one or several rows of the parent would do, read in one snapshot without doing it.
 *
 * @param server the server
 * @param parent the table of the people
 * @param keyColumns the columns that the keys are values of
 * @param keys the people, as they were given
 * @param after the schema that it is about
 * @param verdict what it comes to
 * @param reasons why it is not {@link PreviewVerdict#SUCCEEDS}, a line each; empty if it is
 * @param rowsDeleted how many rows go, the people's own included
 * @param rowsDetached how many rows lose a reference and stay
 * @param complete whether everything was counted; otherwise the numbers are "at least" (a limit, a table that cannot be read)
 * @param tables the tables in which something happens, the parent first
 * @param links the foreign keys that take part, by table and name
 * @param copies columns without a foreign key in which the person's key may stay
 * @param notSeen what could not be looked at and could decide, a line each
 * @param triggers the triggers and rules on the way
 * @param forecast how long the delete itself would take
 * @param elapsed how long it took
 */
public record PreviewReport(
        String server,
        TableName parent,
        List<String> keyColumns,
        List<String> keys,
        PreviewOptions.After after,
        PreviewVerdict verdict,
        List<String> reasons,
        long rowsDeleted,
        long rowsDetached,
        boolean complete,
        List<TablePreview> tables,
        List<LinkPreview> links,
        List<Copy> copies,
        List<String> notSeen,
        List<String> triggers,
        Forecast forecast,
        Duration elapsed) {

    public PreviewReport {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(parent, "parent");
        Objects.requireNonNull(after, "after");
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(forecast, "forecast");
        Objects.requireNonNull(elapsed, "elapsed");
        keyColumns = List.copyOf(keyColumns);
        keys = List.copyOf(keys);
        reasons = List.copyOf(reasons);
        tables = List.copyOf(tables);
        links = List.copyOf(links);
        copies = List.copyOf(copies);
        notSeen = List.copyOf(notSeen);
        triggers = List.copyOf(triggers);
    }

    /** The links that refuse the delete, or may where an order decides. */
    public List<LinkPreview> refusing() {
        return links.stream()
                .filter(link -> link.refuses() > 0 || link.orderDecides() > 0)
                .toList();
    }

    /** The links over which somebody who stays loses rows. */
    public List<LinkPreview> taking() {
        return links.stream().filter(link -> link.taken() > 0).toList();
    }

    /** For people. */
    public String toText() {
        return new PreviewText(this).write();
    }

    /** For programs: one JSON object, with {@code formatVersion}, {@code verdict} and {@code rowsDeleted} at its top. */
    public String toJson() {
        return new PreviewJson(this).write();
    }

    /** For a browser: one page that needs no network, and that shows no row's values but keys. */
    public String toHtml() {
        return new PreviewHtml(this).write();
    }
}
