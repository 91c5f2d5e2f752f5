package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Hazard;
import dev.cascadecleanup.plan.Reach;
import dev.cascadecleanup.plan.ReachedTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What an operator should know before these conversions are made. */
final class Hazards {

    private static final int FIRST_MAJOR_WITH_NOT_VALID_ON_PARTITIONED = 18;
    private static final String EVERYBODY = "public";

    /** A line of hundreds would not be read. */
    private static final int MOST_LISTED = 20;

    private final ForeignKeyGraph graph;
    private final Server server;
    private final List<Hazard> hazards = new ArrayList<>();

    private Hazards(ForeignKeyGraph graph, Server server) {
        this.graph = graph;
        this.server = server;
    }

    static List<Hazard> of(
            ForeignKeyGraph graph,
            Server server,
            CascadeOptions options,
            List<Table> parents,
            List<Conversion> conversions,
            List<ForeignKey> alreadyDone,
            List<Reach> reach) {
        Hazards hazards = new Hazards(graph, server);
        hazards.changedActions(conversions);
        hazards.severalInOneTable(parents, conversions, alreadyDone);
        hazards.looseLinks(parents, conversions);
        if (options.indexes() != CascadeOptions.IndexMode.CREATE) {
            hazards.notIndexed(reach);
        }
        hazards.notValidated(conversions, alreadyDone);
        if (!options.validate()) {
            hazards.validatedAnyway(conversions);
        }
        hazards.notEffective(alreadyDone);
        hazards.published(parents);
        hazards.publishedAlone(reach);
        hazards.missingPrivileges(parents, conversions);
        hazards.otherDatabases(parents);
        hazards.serverWide(conversions);
        if (server.product() == Product.COCKROACHDB) {
            hazards.hazards.addAll(CockroachHazards.of(graph, server, parents, conversions, alreadyDone, reach));
        }
        return hazards.hazards;
    }

    private void changedActions(List<Conversion> conversions) {
        for (Conversion conversion : conversions) {
            ReferentialAction before = conversion.foreignKey().onDelete();
            boolean kept = before == ReferentialAction.SET_NULL || before == ReferentialAction.SET_DEFAULT;
            if (kept && conversion.target().onDelete() == ReferentialAction.CASCADE) {
                add(
                        Hazard.Kind.ACTION_CHANGES_FROM_SET,
                        conversion.foreignKey(),
                        "rows that until now stayed with " + before.sql()
                                + " will be deleted; name it in cascade_keep to leave it so");
            }
        }
    }

    private void severalInOneTable(List<Table> parents, List<Conversion> conversions, List<ForeignKey> alreadyDone) {
        Set<Table> families = families(parents);
        Set<Table> changed = new HashSet<>();
        Map<Table, List<ForeignKey>> cascading = new LinkedHashMap<>();
        alreadyDone.stream()
                .filter(fk -> fk.onDelete() == ReferentialAction.CASCADE && families.contains(fk.referencedTable()))
                .forEach(fk -> cascading
                        .computeIfAbsent(fk.table(), table -> new ArrayList<>())
                        .add(fk));
        conversions.stream()
                .filter(conversion -> conversion.target().onDelete() == ReferentialAction.CASCADE)
                .map(Conversion::foreignKey)
                .filter(fk -> families.contains(fk.referencedTable()))
                .forEach(fk -> {
                    changed.add(fk.table());
                    cascading
                            .computeIfAbsent(fk.table(), table -> new ArrayList<>())
                            .add(fk);
                });
        cascading.forEach((table, foreignKeys) -> {
            if (foreignKeys.size() > 1 && changed.contains(table)) {
                hazards.add(new Hazard(
                        Hazard.Kind.SEVERAL_FOREIGN_KEYS_IN_ONE_TABLE,
                        table.name().toString(),
                        foreignKeys.size() + " foreign keys will cascade ("
                                + foreignKeys.stream()
                                        .map(fk -> Identifiers.displayAll(fk.columns()))
                                        .sorted()
                                        .collect(Collectors.joining("; "))
                                + "): a row goes when any of the users that it names is deleted; for an actor column such as"
                                + " recorded_by use cascade_set_null or cascade_keep"));
            }
        });
    }

    /** Links below the parent that cascade although a row need not have one. */
    private void looseLinks(List<Table> parents, List<Conversion> conversions) {
        Set<Table> families = families(parents);
        for (Conversion conversion : conversions) {
            ForeignKey fk = conversion.foreignKey();
            if (!families.contains(fk.referencedTable())
                    && !fk.nullableColumns().isEmpty()
                    && conversion.target().onDelete() == ReferentialAction.CASCADE) {
                add(
                        Hazard.Kind.LOOSE_LINK,
                        fk,
                        "a row goes with the row of " + fk.referencedTable().name()
                                + " that it references, also when it belongs to another user");
            }
        }
    }

    private Set<Table> families(List<Table> parents) {
        Set<Table> families = new HashSet<>();
        parents.forEach(parent -> families.addAll(graph.withDescendants(parent)));
        return families;
    }

    /** In one line, and for all that a delete follows or checks: each of them costs it a scan, whoever converted it. */
    private void notIndexed(List<Reach> reach) {
        List<ForeignKey> unindexed = IndexPlanner.unindexed(reach);
        if (unindexed.isEmpty()) {
            return;
        }
        List<String> names = unindexed.stream()
                .limit(MOST_LISTED)
                .map(fk -> fk.table() + " (" + Identifiers.displayAll(fk.columns()) + ")")
                .toList();
        hazards.add(new Hazard(
                Hazard.Kind.NO_INDEX,
                unindexed.size() + (unindexed.size() == 1 ? " foreign key" : " foreign keys"),
                "no usable index on " + String.join(", ", names)
                        + (unindexed.size() > names.size() ? " and " + (unindexed.size() - names.size()) + " more" : "")
                        + ", so every delete of a user scans " + (unindexed.size() == 1 ? "the table" : "these tables")
                        + "; cascade_indexes = create builds what is missing first"));
    }

    private void notValidated(List<Conversion> conversions, List<ForeignKey> alreadyDone) {
        conversions.stream()
                .map(Conversion::foreignKey)
                .filter(fk -> !fk.definition().validated())
                .forEach(fk -> add(
                        Hazard.Kind.NOT_VALIDATED,
                        fk,
                        "is NOT VALID and stays so; rows without a user may be among the old ones"));
        alreadyDone.stream()
                .filter(fk -> !fk.definition().validated())
                .forEach(fk -> add(
                        Hazard.Kind.NOT_VALIDATED,
                        fk,
                        "cascades but is NOT VALID; ALTER TABLE "
                                + fk.table().name().quoted() + " VALIDATE CONSTRAINT " + Identifiers.quote(fk.name())));
    }

    private void notEffective(List<ForeignKey> alreadyDone) {
        alreadyDone.stream()
                .filter(fk -> !fk.definition().enforced() || !fk.triggerStates().isEmpty())
                .forEach(fk -> add(
                        Hazard.Kind.NOT_EFFECTIVE,
                        fk,
                        "says " + fk.onDelete().sql() + " but "
                                + (fk.definition().enforced()
                                        ? "its triggers are switched (" + String.join(", ", fk.triggerStates()) + ")"
                                        : "is NOT ENFORCED")
                                + ", so a delete may leave its rows behind"));
    }

    /** On CockroachDB a cascade needs the privileges of whoever deletes the user. */
    private void missingPrivileges(List<Table> parents, List<Conversion> conversions) {
        Set<String> deleters = new TreeSet<>();
        parents.forEach(parent -> deleters.addAll(graph.deleters().getOrDefault(parent.oid(), Set.of())));
        for (Conversion conversion : conversions) {
            Table table = conversion.foreignKey().table();
            Set<String> may = graph.deleters().getOrDefault(table.oid(), Set.of());
            if (may.contains(EVERYBODY)) {
                continue;
            }
            Set<String> lacking = new TreeSet<>(deleters);
            lacking.removeAll(may);
            for (String role : lacking) {
                add(
                        Hazard.Kind.MISSING_PRIVILEGE,
                        conversion.foreignKey(),
                        "role " + role
                                + " may delete users but not rows of this table, and CockroachDB cascades as the deleting role; GRANT DELETE ON TABLE "
                                + table.name().quoted() + " TO " + Identifiers.quote(role));
            }
        }
    }

    /** A partitioned table takes no NOT VALID foreign key: each partition gets a valid one first. */
    private void validatedAnyway(List<Conversion> conversions) {
        if (server.product() == Product.POSTGRESQL && server.major() < FIRST_MAJOR_WITH_NOT_VALID_ON_PARTITIONED) {
            conversions.stream()
                    .map(Conversion::foreignKey)
                    .filter(fk -> fk.table().kind() == TableKind.PARTITIONED_TABLE)
                    .forEach(fk -> add(
                            Hazard.Kind.VALIDATED_ANYWAY,
                            fk,
                            "cascade_validate = false has no effect on a partitioned table before PostgreSQL 18: its partitions"
                                    + " are read, while clients go on"));
        }
    }

    /** The conversions' tables are a reason to refuse; a delete on the parent fails today already. */
    private void published(List<Table> parents) {
        parents.stream()
                .flatMap(parent -> graph.withDescendants(parent).stream())
                .filter(Table::publishedWithoutIdentity)
                .forEach(table -> hazards.add(new Hazard(
                        Hazard.Kind.PUBLISHED_WITHOUT_IDENTITY,
                        table.toString(),
                        "is in a publication but has no replica identity, so every delete in it fails; give it a primary key, or ALTER"
                                + " TABLE " + table.name().quoted() + " REPLICA IDENTITY FULL")));
    }

    /** A subscriber applies what it is sent in a session in which no foreign key does anything (session_replication_role). */
    private void publishedAlone(List<Reach> reach) {
        Set<Long> published = new HashSet<>();
        graph.publications().values().forEach(published::addAll);
        if (published.isEmpty()) {
            return;
        }
        for (Reach each : reach) {
            List<String> names = graph.publications().entrySet().stream()
                    .filter(publication ->
                            publication.getValue().contains(each.parent().oid()))
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList();
            List<Table> missing = each.tables().values().stream()
                    .filter(reached -> reached.entry() != null)
                    .map(ReachedTable::table)
                    .filter(table ->
                            graph.withDescendants(table).stream().noneMatch(part -> published.contains(part.oid())))
                    .toList();
            if (!names.isEmpty() && !missing.isEmpty()) {
                hazards.add(new Hazard(
                        Hazard.Kind.PUBLISHED_ALONE,
                        each.parent().toString(),
                        "is in the publication " + String.join(", ", names)
                                + ", but what goes with its rows is in none ("
                                + missing.stream()
                                        .limit(MOST_LISTED)
                                        .map(Table::toString)
                                        .collect(Collectors.joining(", "))
                                + (missing.size() > MOST_LISTED
                                        ? ", and " + (missing.size() - MOST_LISTED) + " more"
                                        : "")
                                + "): a subscriber that has these tables keeps their rows, because no foreign key cascades there;"
                                + " publish them too, or delete there by a statement of your own"));
            }
        }
    }

    private void otherDatabases(List<Table> parents) {
        for (Table parent : parents) {
            graph.inOtherDatabases().stream()
                    .filter(hidden -> hidden.concerns(List.of(parent.oid())))
                    .forEach(hidden -> hazards.add(new Hazard(
                            Hazard.Kind.OTHER_DATABASE, parent.toString(), hidden.what() + ": " + hidden.reason())));
        }
    }

    private void serverWide(List<Conversion> conversions) {
        if (conversions.isEmpty()) {
            return;
        }
        if (server.standbys() > 0) {
            hazards.add(new Hazard(
                    Hazard.Kind.STANDBY,
                    "server",
                    server.standbys() + " standby server(s) replay this log: a long"
                            + " report there delays replay and other readers of these tables, or is cancelled"
                            + " (max_standby_streaming_delay); stop long reports on standbys first"));
        }
        if (server.product() == Product.COCKROACHDB) {
            hazards.add(new Hazard(
                    Hazard.Kind.EARLY_CASCADE,
                    "server",
                    "deletes of users cascade from the moment the first"
                            + " statement starts, also if the migration fails later"));
        }
    }

    private void add(Hazard.Kind kind, ForeignKey fk, String message) {
        hazards.add(new Hazard(kind, fk.toString(), message));
    }
}
