package dev.cascadecleanup.cli;

import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.internal.json.CatalogJson;
import dev.cascadecleanup.internal.json.JsonWriter;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Interceptor;
import dev.cascadecleanup.plan.Judgement;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.MissingIndex;
import dev.cascadecleanup.plan.OpenRows;
import dev.cascadecleanup.plan.Proposal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A plan as one JSON object. Its shape, which only ever grows: {@code formatVersion} (1), {@code server}, {@code parents},
 * {@code conversions} in the order in which they would be done (each {@code foreignKey}, {@code change}, {@code before} and
 * {@code after}), {@code alreadyDone}, {@code kept} with reasons, {@code hazards}, {@code indexes} (those {@code missing}, each with sizes and statements, and {@code remarks}), {@code open} (links that
 * somebody has to decide about, with what becomes of each kind of {@code rows}), {@code openRows} (the counts of today), {@code undeclaredReferences} (their number), {@code accepted}, {@code triggers}, {@code proposals} (each
 * {@code option}, {@code entry} and {@code reason}), {@code convertedByClosure}, {@code unclosable}, {@code advice} (lines to paste), {@code settings} (the same by the names of the placeholders) and {@code problems} (each {@code cause} and {@code remedy}; empty if the plan can be carried out).
 */
final class PlanJson {

    private PlanJson() {}

    static String write(CascadePlan plan) {
        return JsonWriter.document(
                "server",
                plan.server().toString(),
                "parents",
                plan.parents().stream()
                        .map(table -> CatalogJson.table(table.name()))
                        .toList(),
                "conversions",
                plan.conversions().stream().map(PlanJson::conversion).toList(),
                "alreadyDone",
                plan.alreadyDone().stream().map(CatalogJson::foreignKey).toList(),
                "kept",
                plan.kept().stream().map(PlanJson::kept).toList(),
                "hazards",
                plan.hazards().stream()
                        .map(hazard -> JsonWriter.object(
                                "kind", hazard.kind().name(), "subject", hazard.subject(), "message", hazard.message()))
                        .toList(),
                "open",
                plan.open().stream().map(PlanJson::link).toList(),
                "indexes",
                JsonWriter.object(
                        "missing",
                        plan.indexes().missing().stream().map(PlanJson::index).toList(),
                        "remarks",
                        plan.indexes().remarks()),
                "openRows",
                plan.data().rows().stream().map(PlanJson::openRows).toList(),
                "undeclaredReferences",
                plan.data().undeclared(),
                "accepted",
                plan.accepted().stream().map(PlanJson::link).toList(),
                "triggers",
                plan.interceptors().stream().map(PlanJson::interceptor).toList(),
                "proposals",
                plan.advice().proposals().stream().map(PlanJson::proposal).toList(),
                "convertedByClosure",
                plan.advice().byScope(),
                "unclosable",
                plan.advice().unclosable().stream().map(PlanJson::link).toList(),
                "advice",
                plan.advice().lines(),
                "settings",
                plan.advice().settings(),
                "problems",
                plan.problems().stream()
                        .map(problem -> JsonWriter.object("cause", problem.cause(), "remedy", problem.remedy()))
                        .toList());
    }

    static Map<String, Object> conversion(Conversion conversion) {
        return JsonWriter.object(
                "foreignKey",
                CatalogJson.foreignKey(conversion.foreignKey()),
                "change",
                conversion.describeChange(),
                "before",
                definition(conversion.foreignKey().definition()),
                "after",
                definition(conversion.target()));
    }

    static Map<String, Object> index(MissingIndex index) {
        return JsonWriter.object(
                "table",
                CatalogJson.table(index.table().name()),
                "foreignKeys",
                index.foreignKeys().stream().map(CatalogJson::foreignKey).toList(),
                "rows",
                known(index.rows()),
                "bytes",
                known(index.bytes()),
                "estimatedBytes",
                known(index.estimatedBytes()),
                "statements",
                index.statements());
    }

    private static @Nullable Long known(long number) {
        return number == MissingIndex.UNKNOWN ? null : number;
    }

    static Map<String, Object> kept(CascadePlan.Kept kept) {
        return JsonWriter.object("foreignKey", CatalogJson.foreignKey(kept.foreignKey()), "reason", kept.reason());
    }

    static Map<String, Object> link(Link link) {
        return JsonWriter.object(
                "foreignKey",
                CatalogJson.foreignKey(link.foreignKey()),
                "verdict",
                link.verdict().toString(),
                "reason",
                link.reason(),
                "rows",
                judgement(link.judgement()),
                "decision",
                link.decision().toString());
    }

    private static Map<String, Object> openRows(OpenRows rows) {
        return JsonWriter.object(
                "foreignKey", CatalogJson.foreignKey(rows.foreignKey()), "rows", rows.rows(), "note", rows.note());
    }

    /** What becomes of each kind of row. */
    static Map<String, Object> judgement(Judgement judgement) {
        return JsonWriter.object(
                "own", judgement.own().toString(),
                "ofOthers", judgement.ofOthers().toString(),
                "ownToOthers", judgement.ownToOthers().toString(),
                "withoutOwner", judgement.withoutOwner().toString());
    }

    static Map<String, Object> interceptor(Interceptor interceptor) {
        return JsonWriter.object(
                "table", CatalogJson.table(interceptor.table().name()),
                "name", interceptor.name(),
                "description", interceptor.description(),
                "swallows", interceptor.swallows(),
                "accepted", interceptor.accepted());
    }

    static Map<String, Object> proposal(Proposal proposal) {
        return JsonWriter.object("option", proposal.option(), "entry", proposal.entry(), "reason", proposal.reason());
    }

    static Map<String, Object> notSeen(NotSeen hidden) {
        return JsonWriter.object("what", hidden.what(), "reason", hidden.reason(), "remedy", hidden.remedy());
    }

    private static Map<String, Object> definition(ForeignKeyDefinition definition) {
        return JsonWriter.object(
                "onDelete",
                definition.describeOnDelete(),
                "onUpdate",
                definition.onUpdate().sql(),
                "match",
                definition.match().name(),
                "deferrability",
                definition.deferrability().sql(),
                "validated",
                definition.validated(),
                "enforced",
                definition.enforced());
    }
}
