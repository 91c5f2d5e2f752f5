package dev.cascadecleanup.audit;

import dev.cascadecleanup.internal.json.CatalogJson;
import dev.cascadecleanup.internal.json.JsonWriter;
import dev.cascadecleanup.plan.Depths;
import dev.cascadecleanup.plan.Link;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Writes an audit as one JSON object. Names are as the catalog has them, without quotes. */
final class JsonReport {

    private final AuditReport report;

    JsonReport(AuditReport report) {
        this.report = report;
    }

    String write() {
        return JsonWriter.document(
                "server", report.server(),
                "parents",
                        report.plan().parents().stream()
                                .map(table -> CatalogJson.table(table.name()))
                                .toList(),
                "today", report.today().stream().map(JsonReport::delete).toList(),
                "afterPlan", report.afterPlan().stream().map(JsonReport::delete).toList(),
                "conversions",
                        report.plan().conversions().stream()
                                .map(conversion -> JsonWriter.object(
                                        "foreignKey",
                                        CatalogJson.foreignKey(conversion.foreignKey()),
                                        "change",
                                        conversion.describeChange()))
                                .toList(),
                "kept",
                        report.plan().kept().stream()
                                .map(kept -> JsonWriter.object(
                                        "foreignKey",
                                        CatalogJson.foreignKey(kept.foreignKey()),
                                        "reason",
                                        kept.reason()))
                                .toList(),
                "problems",
                        report.plan().problems().stream().map(Object::toString).toList(),
                "advice", report.plan().advice().lines(),
                "settings", report.plan().advice().settings(),
                "proposals",
                        report.plan().advice().proposals().stream()
                                .map(proposal -> JsonWriter.object(
                                        "option",
                                        proposal.option(),
                                        "entry",
                                        proposal.entry(),
                                        "reason",
                                        proposal.reason()))
                                .toList(),
                "findings",
                        report.findings().stream()
                                .map(finding -> JsonWriter.object(
                                        "kind",
                                        finding.kind().name(),
                                        "subject",
                                        finding.subject(),
                                        "message",
                                        finding.message(),
                                        "remedy",
                                        finding.remedy()))
                                .toList());
    }

    private static Map<String, Object> delete(DeleteReport delete) {
        return JsonWriter.object(
                "parent", CatalogJson.table(delete.parent().name()),
                "tables",
                        delete.tables().stream()
                                .map(line -> JsonWriter.object(
                                        "table",
                                                CatalogJson.table(
                                                        line.reached().table().name()),
                                        "depth", depths(line.reached().depths()),
                                        "guaranteed", line.reached().guaranteed(),
                                        "way", line.way()))
                                .toList(),
                "links", delete.links().stream().map(JsonReport::link).toList());
    }

    private static Map<String, Object> link(LinkLine line) {
        Link link = line.link();
        Map<String, Object> json = JsonWriter.object(
                "foreignKey", CatalogJson.foreignKey(link.foreignKey()),
                "onDelete", link.definition().describeOnDelete(),
                "effect", link.effect().toString(),
                "verdict", link.verdict().toString(),
                "reason", link.reason(),
                "referencedDepth", depths(link.referenced()),
                "referencingDepth", depths(link.referencing()));
        if (line.refusing() != null) {
            json.put(
                    "refusingRows",
                    JsonWriter.object(
                            "rows",
                            line.refusing().rows(),
                            "query",
                            line.refusing().query(),
                            "note",
                            line.refusing().note()));
        }
        return json;
    }

    /** Two numbers; null stands for "maybe never". */
    private static List<Object> depths(Depths depths) {
        return Arrays.asList(
                depths.isReached() ? depths.shallowest() : null, depths.isBounded() ? depths.deepest() : null);
    }
}
