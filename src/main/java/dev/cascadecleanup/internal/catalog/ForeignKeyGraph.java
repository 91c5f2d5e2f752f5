package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
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
 * @param publications the tables whose deletes a publication publishes, by its name; none of those for all tables (PostgreSQL)
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
        Map<String, Set<Long>> publications,
        CockroachFacts cockroach) {

    /**
     * What a trigger, a rule, or anything else that stands between a statement and the rows, is for one event.
     *
     * @param tableOid its table
     * @param name its name
     * @param description what it is and when it fires, {@code trigger BEFORE DELETE FOR EACH ROW, function f} say
     * @param swallows whether the delete or update fails for certain, or is replaced
     * @param event when it counts
     * @param firesFor the columns of which the update must set one, or it does not fire; empty for any
     * @param touches what an update may not set, so that its code, which was understood, neither refuses nor undoes it; empty where it
     *     was not understood
     * @param kind what it is
     * @param foreignKeyOid the one foreign key whose work it concerns; 0 for all of the table
     */
    public record Interceptor(
            long tableOid,
            String name,
            String description,
            boolean swallows,
            Event event,
            List<String> firesFor,
            Optional<Set<String>> touches,
            Kind kind,
            long foreignKeyOid) {

        /** What happens to rows. */
        public enum Event {
            /** They are deleted. */
            DELETE,
            /** They are deleted by a foreign key. */
            CASCADE,
            /** They are updated, as SET NULL and SET DEFAULT do. */
            UPDATE,
            /** A foreign key looks for them, to refuse. */
            CHECK
        }

        /** What stands there. */
        public enum Kind {
            /** A trigger or a rule. */
            CODE,
            /**
             * What the server asks before it looks for rows: a publication, what the owner of the table may do, as whom foreign keys work, a
             * foreign table.
             */
            OBSTACLE
        }

        public Interceptor {
            firesFor = List.copyOf(firesFor);
        }

        /** One that takes part in a delete. */
        public static Interceptor ofDelete(long tableOid, String name, String description, boolean swallows) {
            return new Interceptor(
                    tableOid, name, description, swallows, Event.DELETE, List.of(), Optional.empty(), Kind.CODE, 0);
        }

        /** One that takes part in an update. */
        public static Interceptor ofUpdate(
                long tableOid,
                String name,
                String description,
                boolean swallows,
                List<String> firesFor,
                Optional<Set<String>> touches) {
            return new Interceptor(
                    tableOid, name, description, swallows, Event.UPDATE, firesFor, touches, Kind.CODE, 0);
        }

        /** Whether it concerns the work of this foreign key. */
        public boolean concerns(ForeignKey fk) {
            return foreignKeyOid == 0 || foreignKeyOid == fk.oid();
        }

        /** Whether an update that sets these columns may end otherwise because of it. */
        public boolean mayInterfere(Collection<String> columns) {
            boolean fires = firesFor.isEmpty() || !Collections.disjoint(firesFor, columns);
            return fires && (touches.isEmpty() || !Collections.disjoint(touches.get(), columns));
        }
    }

    /** Of a PostgreSQL without publications. */
    public ForeignKeyGraph(
            Map<Long, Table> tables,
            List<ForeignKey> foreignKeys,
            Map<Long, List<Long>> descendants,
            List<NotSeen> inOtherDatabases,
            Map<Long, Set<String>> deleters,
            List<NotSeen> notSeen,
            List<Interceptor> interceptors) {
        this(
                tables,
                foreignKeys,
                descendants,
                inOtherDatabases,
                deleters,
                notSeen,
                interceptors,
                Map.of(),
                CockroachFacts.NONE);
    }

    public ForeignKeyGraph {
        tables = Map.copyOf(tables);
        foreignKeys = List.copyOf(foreignKeys);
        descendants = Map.copyOf(descendants);
        inOtherDatabases = List.copyOf(inOtherDatabases);
        deleters = Map.copyOf(deleters);
        notSeen = List.copyOf(notSeen);
        interceptors = List.copyOf(interceptors);
        publications = Map.copyOf(publications);
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
