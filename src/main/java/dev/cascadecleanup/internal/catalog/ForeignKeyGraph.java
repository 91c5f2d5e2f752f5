package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The tables of a database and the foreign keys between them, at one moment.
 *
 * @param tables the tables, views and the like, by OID
 * @param foreignKeys the foreign keys, each once, in no particular order
 * @param descendants partitions and inheritance children of a table, by the table's OID
 * @param inOtherDatabases foreign keys of tables in other databases, which cannot be converted from here (CockroachDB)
 * @param deleters the roles that were granted DELETE on a table, by its OID (CockroachDB, where cascades run as the invoker)
 * @param notSeen what is known to be there, or may be, and could not be read
 * @param interceptors triggers and rules that take part in a delete
 * @param cockroach what CockroachDB alone has
 */
public record ForeignKeyGraph(
        Map<Long, Table> tables,
        List<ForeignKey> foreignKeys,
        Map<Long, List<Long>> descendants,
        List<NotSeen> inOtherDatabases,
        Map<Long, Set<String>> deleters,
        List<NotSeen> notSeen,
        List<Interceptor> interceptors,
        CockroachFacts cockroach) {

    /**
     * A trigger or a rule.
     *
     * @param tableOid its table
     * @param name its name
     * @param description what it is and when it fires, {@code trigger BEFORE DELETE FOR EACH ROW, function f} say
     * @param swallows whether it replaces the delete for certain
     */
    public record Interceptor(long tableOid, String name, String description, boolean swallows) {}

    /** Of PostgreSQL. */
    public ForeignKeyGraph(
            Map<Long, Table> tables,
            List<ForeignKey> foreignKeys,
            Map<Long, List<Long>> descendants,
            List<NotSeen> inOtherDatabases,
            Map<Long, Set<String>> deleters,
            List<NotSeen> notSeen,
            List<Interceptor> interceptors) {
        this(tables, foreignKeys, descendants, inOtherDatabases, deleters, notSeen, interceptors, CockroachFacts.NONE);
    }

    public ForeignKeyGraph {
        tables = Map.copyOf(tables);
        foreignKeys = List.copyOf(foreignKeys);
        descendants = Map.copyOf(descendants);
        inOtherDatabases = List.copyOf(inOtherDatabases);
        deleters = Map.copyOf(deleters);
        notSeen = List.copyOf(notSeen);
        interceptors = List.copyOf(interceptors);
    }

    /** The table with this OID, which is known to be there. */
    public Table tableByOid(long oid) {
        return Objects.requireNonNull(tables.get(oid), () -> "no table with the OID " + oid);
    }

    /** The relation of that name. */
    public Optional<Table> table(TableName name) {
        return tables.values().stream()
                .filter(table -> table.name().equals(name))
                .findFirst();
    }

    /** The foreign keys that reference one of these tables, by table and name. */
    public List<ForeignKey> referencing(Collection<Table> referenced) {
        Set<Long> oids = new LinkedHashSet<>();
        referenced.forEach(table -> oids.add(table.oid()));
        return foreignKeys.stream()
                .filter(fk -> oids.contains(fk.referencedTable().oid()))
                .sorted(ForeignKey.BY_NAME)
                .toList();
    }

    /** The table with all its partitions and inheritance children, at any depth: where a delete on it looks for rows. */
    public List<Table> withDescendants(Table table) {
        Set<Long> seen = new LinkedHashSet<>();
        Deque<Long> open = new ArrayDeque<>(List.of(table.oid()));
        List<Table> family = new ArrayList<>();
        while (!open.isEmpty()) {
            Long oid = open.poll();
            if (seen.add(oid)) {
                Optional.ofNullable(tables.get(oid)).ifPresent(family::add);
                open.addAll(descendants.getOrDefault(oid, List.of()));
            }
        }
        return family;
    }
}
