package dev.cascadecleanup.preview;

import dev.cascadecleanup.internal.json.CatalogJson;
import dev.cascadecleanup.internal.json.JsonWriter;
import java.util.Map;

/** A preview as one JSON object. Names are as the catalog has them, without quotes. */
final class PreviewJson {

    private final PreviewReport report;

    PreviewJson(PreviewReport report) {
        this.report = report;
    }

    String write() {
        return JsonWriter.document(
                "verdict",
                report.verdict().name(),
                "rowsDeleted",
                report.rowsDeleted(),
                "rowsDetached",
                report.rowsDetached(),
                "complete",
                report.complete(),
                "parent",
                CatalogJson.table(report.parent()),
                "keyColumns",
                report.keyColumns(),
                "keys",
                report.keys(),
                "after",
                report.after().name(),
                "server",
                report.server(),
                "reasons",
                report.reasons(),
                "tables",
                report.tables().stream().map(PreviewJson::table).toList(),
                "links",
                report.links().stream().map(PreviewJson::link).toList(),
                "copies",
                report.copies().stream().map(PreviewJson::copy).toList(),
                "notSeen",
                report.notSeen(),
                "triggers",
                report.triggers(),
                "forecast",
                JsonWriter.object(
                        "leastMillis", report.forecast().least().toMillis(),
                        "mostMillis", report.forecast().most().toMillis(),
                        "missingIndexes", report.forecast().missingIndexes(),
                        "stepsAdvisable", report.forecast().stepsAdvisable()),
                "elapsedMillis",
                report.elapsed().toMillis());
    }

    private static Map<String, Object> table(TablePreview table) {
        return JsonWriter.object(
                "table", CatalogJson.table(table.table()),
                "way", table.way(),
                "deleted", table.deleted(),
                "detached", table.detached(),
                "refusing", table.refusing(),
                "leftBehind", table.leftBehind(),
                "bytes", table.bytes() < 0 ? null : table.bytes(),
                "keys", table.keys());
    }

    private static Map<String, Object> link(LinkPreview link) {
        return JsonWriter.object(
                "foreignKey", CatalogJson.foreignKey(link.foreignKey()),
                "onDelete", link.definition().describeOnDelete(),
                "goes", link.goes(),
                "detached", link.detached(),
                "refuses", link.refuses(),
                "orderDecides", link.orderDecides(),
                "leftBehind", link.leftBehind(),
                "taken", link.taken(),
                "takenCounts", link.takenCounts(),
                "keys", link.keys());
    }

    private static Map<String, Object> copy(Copy copy) {
        return JsonWriter.object(
                "table", CatalogJson.table(copy.table()),
                "column", copy.column(),
                "rows", copy.rows() < 0 ? null : copy.rows(),
                "note", copy.note());
    }
}
