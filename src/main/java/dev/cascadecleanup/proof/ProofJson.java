package dev.cascadecleanup.proof;

import dev.cascadecleanup.internal.json.CatalogJson;
import dev.cascadecleanup.internal.json.JsonWriter;
import java.util.Map;

/** Writes a proof as one JSON object. */
final class ProofJson {

    private final ProofReport report;

    ProofJson(ProofReport report) {
        this.report = report;
    }

    String write() {
        return JsonWriter.write(JsonWriter.object(
                "verdict",
                report.verdict(),
                "parents",
                report.parents().stream().map(ProofJson::parent).toList()));
    }

    private static Map<String, Object> parent(ProofReport.ParentProof proof) {
        return JsonWriter.object(
                "parent", CatalogJson.table(proof.parent()),
                "verdict", proof.verdict(),
                "elapsedMillis", proof.elapsed().toMillis(),
                "tables", proof.tables().stream().map(ProofJson::table).toList(),
                "refusals",
                        proof.refusals().stream()
                                .map(refusal -> JsonWriter.object(
                                        "foreignKeys",
                                                refusal.foreignKeys().stream()
                                                        .map(CatalogJson::foreignKey)
                                                        .toList(),
                                        "message", refusal.message()))
                                .toList(),
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
                table.verdict().name());
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
