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
import dev.cascadecleanup.plan.ForeignKeySelector;
import dev.cascadecleanup.plan.Problem;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything that would make a conversion fail, or the delete afterwards, and that can be known before the first change. */
public final class Preconditions {

    private final ForeignKeyGraph graph;
    private final Server server;
    private final List<Problem> problems = new ArrayList<>();

    private Preconditions(ForeignKeyGraph graph, Server server) {
        this.graph = graph;
        this.server = server;
    }

    /**
     * What stands in the way of these conversions; empty when nothing does.
     *
     * @param answeredFor OIDs of the tables of which the plan has to know every foreign key that references them
     */
    static List<Problem> check(
            ForeignKeyGraph graph,
            Server server,
            CascadeOptions options,
            Set<Long> answeredFor,
            List<Conversion> conversions) {
        Preconditions preconditions = new Preconditions(graph, server);
        preconditions.checkVisibility(answeredFor);
        preconditions.checkServer(options, conversions);
        preconditions.checkAlterable(conversions);
        preconditions.adviseToKeep(options, conversions);
        preconditions.checkPartitions(conversions);
        preconditions.checkRegions(conversions);
        preconditions.checkDeletable(conversions);
        preconditions.checkSettable(conversions);
        return preconditions.problems;
    }

    /** The same for conversions that take a migration back: what concerns the delete afterwards is left out. */
    public static List<Problem> checkUndo(
            ForeignKeyGraph graph, Server server, CascadeOptions options, List<Conversion> conversions) {
        Preconditions preconditions = new Preconditions(graph, server);
        preconditions.checkServer(options, conversions);
        preconditions.checkAlterable(conversions);
        preconditions.checkRegions(conversions);
        return preconditions.problems;
    }

    /** One of another database cannot be converted from here by anybody: it is a hazard, and the migration goes on. */
    private void checkVisibility(Set<Long> answeredFor) {
        graph.notSeen().stream()
                .filter(hidden -> hidden.concerns(answeredFor))
                .forEach(hidden -> problems.add(
                        new Problem(hidden.what() + ": " + hidden.reason(), capitalized(hidden.remedy()))));
    }

    private static String capitalized(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private void checkServer(CascadeOptions options, List<Conversion> conversions) {
        if (conversions.isEmpty()) {
            return;
        }
        if (server.readOnly()) {
            problems.add(new Problem(
                    "the server or the session is read-only (a standby, or default_transaction_read_only)",
                    "Connect to the primary with a session that may write"));
        }
        if (server.product() == Product.POSTGRESQL
                && options.lockTimeout().compareTo(server.deadlockTimeout().multipliedBy(2)) > 0) {
            problems.add(new Problem(
                    "cascade_lock_timeout = " + Durations.format(options.lockTimeout())
                            + " is more than twice deadlock_timeout (" + Durations.format(server.deadlockTimeout())
                            + "): a client could be chosen as the victim of a deadlock in place of the migration",
                    "Set cascade_lock_timeout to "
                            + Durations.format(server.deadlockTimeout().multipliedBy(2)) + " or less"));
        }
    }

    /** A hosted auth.users, or the tables of another team: neither the privilege nor the owner is to be had there. */
    private void adviseToKeep(CascadeOptions options, List<Conversion> conversions) {
        List<String> outOfReach = conversions.stream()
                .map(Conversion::foreignKey)
                .filter(fk -> !fk.table().alterable() || !fk.referencedTable().referenceable())
                .map(ForeignKey::qualifiedName)
                .toList();
        if (outOfReach.isEmpty()) {
            return;
        }
        String keep = Stream.concat(options.keep().stream().map(ForeignKeySelector::text), outOfReach.stream())
                .collect(Collectors.joining(", "));
        problems.add(new Problem(
                outOfReach.size() == 1
                        ? "1 foreign key needs what the role does not have"
                        : outOfReach.size() + " foreign keys need what the role does not have",
                "Where it cannot be had, leave them as they are, and the rest is converted: cascade_keep = " + keep));
    }

    private void checkAlterable(List<Conversion> conversions) {
        String role = Identifiers.quote(server.role());
        for (Table table : tables(conversions, ForeignKey::table)) {
            if (!table.alterable()) {
                problems.add(
                        server.product() == Product.POSTGRESQL
                                ? new Problem(
                                        "the role " + server.role() + " does not own " + table + " (its owner is "
                                                + table.owner() + ") and so cannot change its foreign keys",
                                        "GRANT " + Identifiers.quote(table.owner()) + " TO " + role
                                                + ", or run as the owner")
                                : new Problem(
                                        "the role " + server.role() + " has no CREATE privilege on " + table,
                                        "GRANT CREATE ON TABLE " + table.name().quoted() + " TO " + role));
            }
        }
        for (Table parent : tables(conversions, ForeignKey::referencedTable)) {
            if (!parent.referenceable()) {
                problems.add(new Problem(
                        "the role " + server.role() + " has no REFERENCES privilege on " + parent,
                        "GRANT REFERENCES ON TABLE " + parent.name().quoted() + " TO " + role));
            }
        }
        Set<Table> named = tables(conversions, ForeignKey::table);
        named.addAll(tables(conversions, ForeignKey::referencedTable));
        named.stream()
                .filter(table -> !table.schemaUsable())
                .map(table -> table.name().schema())
                .distinct()
                .forEach(schema -> problems.add(new Problem(
                        "the role " + server.role() + " has no USAGE privilege on schema "
                                + Identifiers.display(schema),
                        "GRANT USAGE ON SCHEMA " + Identifiers.quote(schema) + " TO " + role)));
        for (Conversion conversion : conversions) {
            boolean statesToSet = !conversion.triggerStates().isEmpty();
            if (conversion.foreignKey().switchedOnPartitions()) {
                problems.add(new Problem(
                        conversion.foreignKey() + " has triggers on partitions that were switched off or on by hand ("
                                + String.join(", ", conversion.foreignKey().triggerStates())
                                + "), and the swap would lose that",
                        "First ALTER TABLE ... ENABLE TRIGGER ALL on each of them, or name it in cascade_keep"));
            } else if (statesToSet && !server.superuser()) {
                problems.add(new Problem(
                        conversion.foreignKey() + " has triggers that were switched off or on by hand ("
                                + String.join(", ", conversion.triggerStates())
                                + "), and only a superuser can put that back after the swap",
                        "Run as a superuser, or first ALTER TABLE "
                                + conversion.foreignKey().table().name().quoted()
                                + " ENABLE TRIGGER ALL, or name it in cascade_keep"));
            }
        }
    }

    /** PostgreSQL would merge such a foreign key of a partition into the inherited one, and an undo could not tell them apart. */
    private void checkPartitions(List<Conversion> conversions) {
        List<Conversion> partitioned = conversions.stream()
                .filter(conversion -> conversion.foreignKey().table().kind() == TableKind.PARTITIONED_TABLE)
                .toList();
        List<ForeignKey> ofPartitions = partitioned.isEmpty()
                ? List.of()
                : TemporaryNames.withoutStandIns(graph).stream()
                        .filter(fk -> fk.table().partition())
                        .toList();
        for (Conversion conversion : partitioned) {
            ForeignKey fk = conversion.foreignKey();
            Set<Table> partitions = new LinkedHashSet<>(graph.withDescendants(fk.table()));
            partitions.remove(fk.table());
            ofPartitions.stream()
                    .filter(own -> partitions.contains(own.table())
                            && own.columns().equals(fk.columns())
                            && own.referencedTable().equals(fk.referencedTable()))
                    .forEach(own -> problems.add(new Problem(
                            own + " is a partition's own foreign key beside the inherited " + fk
                                    + ", and a swap would merge the two",
                            "Drop one of them: ALTER TABLE "
                                    + own.table().name().quoted()
                                    + " DROP CONSTRAINT " + Identifiers.quote(own.name()) + ", or name "
                                    + fk.qualifiedName()
                                    + " in cascade_keep")));
        }
    }

    /** CockroachDB does not drop it, and by then the stand-in would cascade beside it. */
    private void checkRegions(List<Conversion> conversions) {
        for (Conversion conversion : conversions) {
            ForeignKey fk = conversion.foreignKey();
            if (graph.cockroach()
                    .storageParameter(fk.table().oid(), "infer_rbr_region_col_using_constraint")
                    .filter(fk.name()::equals)
                    .isPresent()) {
                problems.add(new Problem(
                        fk
                                + " is what its table infers the region of a row from (infer_rbr_region_col_using_constraint), and cannot be"
                                + " dropped meanwhile",
                        "ALTER TABLE " + fk.table().name().quoted()
                                + " RESET (infer_rbr_region_col_using_constraint) first and set it again afterwards, or name it in"
                                + " cascade_keep"));
            }
        }
    }

    private void checkDeletable(List<Conversion> conversions) {
        for (Table table : tables(conversions, ForeignKey::table)) {
            if (!table.ownerMayDelete()) {
                problems.add(new Problem(
                        table.owner() + ", the owner of " + table + ", has no DELETE privilege on it, and a cascade"
                                + " runs as the owner (PostgreSQL manual, 5.5.5)",
                        "GRANT DELETE ON TABLE " + table.name().quoted() + " TO " + Identifiers.quote(table.owner())));
            }
            hit(table).stream()
                    .filter(Table::publishedWithoutIdentity)
                    .forEach(published -> problems.add(new Problem(
                            published + " is in a publication but has no replica identity, so every delete in it fails",
                            "Give it a primary key, or ALTER TABLE "
                                    + published.name().quoted() + " REPLICA IDENTITY FULL")));
        }
    }

    /** A statement on a partitioned table is one on its partitions; on an inheritance parent a foreign key's stays there. */
    private List<Table> hit(Table table) {
        return table.kind() == TableKind.PARTITIONED_TABLE ? graph.withDescendants(table) : List.of(table);
    }

    /** SET NULL is an update, and the server asks before it looks for rows. */
    private void checkSettable(List<Conversion> conversions) {
        for (Conversion conversion : conversions) {
            ForeignKey fk = conversion.foreignKey();
            if (conversion.target().onDelete() != ReferentialAction.SET_NULL) {
                continue;
            }
            List<String> changed = LinkJudge.changedColumns(conversion.target());
            for (Table table : hit(fk.table())) {
                graph.interceptors().stream()
                        .filter(each -> each.kind() == ForeignKeyGraph.Interceptor.Kind.OBSTACLE
                                && each.swallows()
                                && each.event() == ForeignKeyGraph.Interceptor.Event.UPDATE
                                && each.tableOid() == table.oid()
                                && each.concerns(fk)
                                && each.mayInterfere(changed))
                        .forEach(each -> problems.add(new Problem(
                                "with SET NULL for " + fk + " every delete of what it references would fail: " + table
                                        + ": " + each.description(),
                                "Mend that first, or leave " + fk.qualifiedName() + " out of cascade_set_null")));
            }
        }
    }

    private static Set<Table> tables(
            List<Conversion> conversions, java.util.function.Function<ForeignKey, Table> side) {
        return conversions.stream()
                .map(Conversion::foreignKey)
                .map(side)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
