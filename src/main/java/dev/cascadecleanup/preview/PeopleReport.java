package dev.cascadecleanup.preview;

import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.json.CatalogJson;
import dev.cascadecleanup.internal.json.JsonWriter;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the deletes of many people would do, each by itself: how many succeed, and over which foreign keys the others do not.
 *
 * @param server the server
 * @param parent the table of the people
 * @param after the schema that it is about
 * @param people how many there are
 * @param looked how many were looked at: all, or a random sample
 * @param verdicts how many came to each verdict
 * @param refusing how many are refused, or may be, over each foreign key; the most first
 * @param taking how many take somebody else's rows over each foreign key; the most first
 * @param elapsed how long it took
 */
public record PeopleReport(
        String server,
        TableName parent,
        PreviewOptions.After after,
        long people,
        long looked,
        Map<PreviewVerdict, Long> verdicts,
        List<ByLink> refusing,
        List<ByLink> taking,
        Duration elapsed) {

    /** So many people over this foreign key. */
    public record ByLink(String foreignKey, long people) {}

    public PeopleReport {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(parent, "parent");
        Objects.requireNonNull(after, "after");
        verdicts = verdicts.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(verdicts));
        refusing = List.copyOf(refusing);
        taking = List.copyOf(taking);
    }

    /** How many came to this verdict. */
    public long count(PreviewVerdict verdict) {
        return verdicts.getOrDefault(verdict, 0L);
    }

    /** For people. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        text.append(parent).append(", ").append(after).append(": ").append(looked == people ? "all " : "a random ");
        text.append(PreviewText.count(looked)).append(looked == people ? "" : " of " + PreviewText.count(people));
        text.append(" looked at, each by itself").append(System.lineSeparator());
        for (PreviewVerdict verdict : PreviewVerdict.values()) {
            if (count(verdict) > 0) {
                text.append("  %10s  %s%n".formatted(PreviewText.count(count(verdict)), verdict));
            }
        }
        section(text, "Refused by:", refusing);
        section(text, "Takes others' rows over:", taking);
        return text.toString().stripTrailing();
    }

    private static void section(StringBuilder text, String title, List<ByLink> links) {
        if (!links.isEmpty()) {
            text.append(title).append(System.lineSeparator());
            links.forEach(
                    link -> text.append("  %10s  %s%n".formatted(PreviewText.count(link.people()), link.foreignKey())));
        }
    }

    /** For programs: one JSON object. */
    public String toJson() {
        return JsonWriter.document(
                "parent", CatalogJson.table(parent),
                "after", after.name(),
                "people", people,
                "looked", looked,
                "verdicts", verdicts,
                "refusing", refusing.stream().map(PeopleReport::json).toList(),
                "taking", taking.stream().map(PeopleReport::json).toList(),
                "server", server,
                "elapsedMillis", elapsed.toMillis());
    }

    private static Map<String, Object> json(ByLink link) {
        return JsonWriter.object("foreignKey", link.foreignKey(), "people", link.people());
    }
}
