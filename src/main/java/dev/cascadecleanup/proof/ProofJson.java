package dev.cascadecleanup.proof;

import dev.cascadecleanup.internal.json.CatalogJson;
import dev.cascadecleanup.internal.json.JsonWriter;
import java.util.Map;

/** Writes a proof as one JSON object. */
final class ProofJson {

    /** Grows with every change that could break a reader. */
    private final ProofReport report;

    ProofJson(ProofReport report) {
        this.report = report;
    }

    String write() {
        return JsonWriter.document(
                "verdict",
                report.verdict().name(),
                "undeclaredReferences",
                report.undeclaredReferences(),
                "parents",
                report.parents().stream().map(ProofJson::parent).toList());
    }

    private static Map<String, Object> parent(ProofReport.ParentProof proof) {
        return JsonWriter.object(
                "parent", CatalogJson.table(proof.parent()),
                "verdict", proof.verdict().name(),
                "elapsedMillis", proof.elapsed().toMillis(),
                "tables", proof.tables().stream().map(ProofJson::table).toList(),
                "refusals",
                        proof.refusals().stream()
                                .map(refusal -> JsonWriter.object(
                                        "foreignKeys",
                                                refusal.foreignKeys().stream()
                                                        .map(CatalogJson::foreignKey)
                                                        .toList(),
                                        "interceptors", refusal.interceptors(),
                                        "message", refusal.message()))
                                .toList(),
                "links", proof.links().stream().map(ProofJson::link).toList(),
                "missing", proof.missing().stream().map(ProofJson::missing).toList(),
                "notes", proof.notes());
    }

    private static Map<String, Object> table(TableProof table) {
        return JsonWriter.object(
                "table",
                CatalogJson.table(table.table()),
                "path",
                table.path(),
                "before",
                table.before(),
                "after",
                table.after(),
                "otherBefore",
                table.otherBefore(),
                "otherAfter",
                table.otherAfter(),
                "verdict",
                table.verdict().name(),
                "cause",
                table.cause());
    }

    private static Map<String, Object> link(LinkProof link) {
        return JsonWriter.object(
                "foreignKey",
                CatalogJson.foreignKey(link.foreignKey()),
                "kind",
                link.kind().name(),
                "fate",
                link.fate() == null ? null : link.fate().name(),
                "predicted",
                link.predicted() == null ? null : link.predicted().name(),
                "result",
                link.result().name(),
                "decision",
                link.decision().name(),
                "cause",
                link.cause(),
                "decisions",
                link.decisions());
    }

    private static Map<String, Object> missing(MissingRow missing) {
        return JsonWriter.object(
                "table",
                CatalogJson.table(missing.table()),
                "reason",
                missing.reason(),
                "constraint",
                missing.constraint(),
                "tried",
                missing.tried(),
                "hint",
                missing.hint());
    }
}
