package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.catalog.IndexFacts;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.IndexPart;
import dev.cascadecleanup.plan.IndexPlan;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.MissingIndex;
import dev.cascadecleanup.plan.Reach;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides which indexes a delete lacks once a plan is carried out, and how each is built. Whether a foreign key has a usable one is
 * {@link ForeignKey#indexed()}; here it is asked of every foreign key that a delete follows or checks.
 */
public final class IndexPlanner {

    /** From here on an index over the values alone is the smaller one. */
    private static final double MOSTLY_NULL = 0.5;
    /** Of an index entry beside its values (manual, 73.6), and of the pages that are not full. */
    private static final int BYTES_OF_AN_ENTRY = 12;

    private static final double FILL = 0.9;
    /** One in so much of the database is worth a word. */
    private static final int LARGE_SHARE = 10;

    private final ForeignKeyGraph graph;
    private final Product product;
    private final IndexFacts facts;
    private final Map<Long, Long> parents = new HashMap<>();
    private final Set<TableName> taken = new HashSet<>();
    private final List<MissingIndex> missing = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    private IndexPlanner(ForeignKeyGraph graph, Product product, IndexFacts facts) {
        this.graph = graph;
        this.product = product;
        this.facts = facts;
        graph.descendants().forEach((parent, children) -> children.forEach(child -> parents.put(child, parent)));
    }

    /** The foreign keys that a delete follows or checks without an index to find their rows by. */
    public static List<ForeignKey> unindexed(List<Reach> reach) {
        Set<ForeignKey> unindexed = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Reach each : reach) {
            for (Link link : each.links()) {
                if (link.effect() != Link.Effect.LEFT_BEHIND
                        && !link.foreignKey().indexed()) {
                    unindexed.add(link.foreignKey());
                }
            }
        }
        return unindexed.stream().sorted(ForeignKey.BY_NAME).toList();
    }

    /**
     * The indexes that the deletes of a plan lack.
     *
     * @param facts about {@link #unindexed} foreign keys of it
     */
    public static IndexPlan plan(CascadePlan plan, ForeignKeyGraph graph, IndexFacts facts) {
        return new IndexPlanner(graph, plan.server().product(), facts).plan(unindexed(plan.reach()));
    }

    private IndexPlan plan(List<ForeignKey> unindexed) {
        // An index over all columns of a wide foreign key may serve a narrow one too.
        List<ForeignKey> widestFirst = unindexed.stream()
                .sorted(Comparator.comparingInt((ForeignKey fk) -> -fk.columns().size())
                        .thenComparing(ForeignKey.BY_NAME))
                .toList();
        Map<ForeignKey, List<ForeignKey>> groups = new IdentityHashMap<>();
        List<ForeignKey> leaders = new ArrayList<>();
        Map<Long, List<ForeignKey>> leadersByTable = new HashMap<>();
        for (ForeignKey fk : widestFirst) {
            List<ForeignKey> ofTable = leadersByTable.computeIfAbsent(fk.table().oid(), oid -> new ArrayList<>());
            ForeignKey leader = ofTable.stream()
                    .filter(other -> serves(other, fk))
                    .findFirst()
                    .orElse(fk);
            if (leader == fk) {
                leaders.add(fk);
                ofTable.add(fk);
            }
            groups.computeIfAbsent(leader, key -> new ArrayList<>()).add(fk);
        }
        leaders.sort(ForeignKey.BY_NAME);
        leaders.forEach(leader -> plan(leader, Objects.requireNonNull(groups.get(leader))));
        othersInvalid();
        tooLittleRoom();
        return new IndexPlan(
                missing, remarks, facts.closedSchemas().stream().sorted().toList());
    }

    private boolean serves(ForeignKey other, ForeignKey fk) {
        IndexFacts.Key first = keys(other).get(0);
        return keys(fk).stream().anyMatch(key -> key.column().equals(first.column()) && sameLookup(key, first));
    }

    private static boolean sameLookup(IndexFacts.Key key, IndexFacts.Key other) {
        return String.valueOf(key.cast()).equals(String.valueOf(other.cast()))
                && String.valueOf(key.collation()).equals(String.valueOf(other.collation()));
    }

    private List<IndexFacts.Key> keys(ForeignKey fk) {
        return facts.keys().getOrDefault(fk.oid(), List.of());
    }

    private void plan(ForeignKey leader, List<ForeignKey> served) {
        List<IndexFacts.Key> keys = keys(leader);
        if (keys.isEmpty()) {
            remarks.add(leader + " has changed since the catalog was read; look again");
            return;
        }
        List<String> impossible = keys.stream()
                .filter(key -> !key.indexable())
                .map(IndexFacts.Key::column)
                .toList();
        if (!impossible.isEmpty()) {
            remarks.add(leader + ": no index can serve it, as its lookups cast "
                    + Identifiers.displayAll(impossible) + " to the type of the referenced column, and that cast is not"
                    + " immutable; give both columns the same type");
            return;
        }
        Table table = leader.table();
        boolean partitioned = table.kind() == TableKind.PARTITIONED_TABLE;
        String condition = product == Product.POSTGRESQL
                        && !partitioned
                        && keys.get(0).cast() == null
                        && keys.get(0).nullFraction() > MOSTLY_NULL
                ? Identifiers.quote(keys.get(0).column()) + " IS NOT NULL"
                : null;
        List<IndexPart> parts =
                partitioned ? partsOfPartitioned(leader) : List.of(part(table, leader.columns(), null, false));
        List<String> sql = keys.stream().map(IndexPlanner::sql).toList();
        if (parts.isEmpty()) {
            // Each partition has one; only that ours of another foreign key is half-built made it look otherwise.
            return;
        }
        long rows = sum(parts, IndexFacts.Size::rows);
        missing.add(new MissingIndex(
                served,
                table,
                sql,
                condition,
                parts,
                rows,
                sum(parts, IndexFacts.Size::bytes),
                estimate(keys, rows, condition != null),
                statements(parts, sql, condition)));
    }

    /**
     * Itself, every partition between, and every leaf, attached to each other, so that partitions to come have it too; unless some
     * leaves have an index of somebody else, which would become part of ours, and go with it when that is undone.
     */
    private List<IndexPart> partsOfPartitioned(ForeignKey fk) {
        Map<Long, List<String>> present = facts.partitionIndexes().getOrDefault(fk.oid(), List.of()).stream()
                .collect(Collectors.groupingBy(
                        IndexFacts.PartitionIndex::tableOid,
                        Collectors.mapping(IndexFacts.PartitionIndex::name, Collectors.toList())));
        List<Table> family = graph.withDescendants(fk.table());
        Map<Long, IndexPart> parts = new HashMap<>();
        List<IndexPart> inOrder = new ArrayList<>();
        boolean others = false;
        for (Table table : family) {
            IndexPart above = parts.get(parents.get(table.oid()));
            IndexPart part =
                    part(table, fk.columns(), above == null ? null : above.name(), present.containsKey(table.oid()));
            parts.put(table.oid(), part);
            inOrder.add(part);
            others |= present.getOrDefault(table.oid(), List.of()).stream()
                    .anyMatch(name -> !name.contains(IndexFacts.MARK));
        }
        if (!others) {
            return inOrder;
        }
        return inOrder.stream()
                .filter(part -> part.kind() == TableKind.TABLE && !isServed(part, present))
                .map(part -> new IndexPart(part.tableOid(), part.table(), part.kind(), part.index(), null))
                .toList();
    }

    /** Itself, or with the partitioned table that it is a partition of. */
    private boolean isServed(IndexPart part, Map<Long, List<String>> present) {
        for (Long oid = part.tableOid(); oid != null; oid = parents.get(oid)) {
            if (present.containsKey(oid)) {
                return true;
            }
        }
        return false;
    }

    /** @param served whether the table has a usable index already, which may be ours */
    private IndexPart part(Table table, List<String> columns, @Nullable TableName parentIndex, boolean served) {
        for (int attempt = 0; ; attempt++) {
            TableName name = new TableName(table.name().schema(), IndexNames.of(table.name(), columns, attempt));
            boolean free = facts.relations().stream()
                    .filter(relation -> relation.name().equals(name))
                    .allMatch(relation -> isLeftOver(relation, table, served));
            if (free && taken.add(new TableName(table.oid() + "." + name.schema(), name.name()))) {
                return new IndexPart(table.oid(), table.name(), table.kind(), name.name(), parentIndex);
            }
        }
    }

    /** Of an interrupted build of the same index; what is valid and serves all the same nobody is somebody else's, or has changed. */
    private boolean isLeftOver(IndexFacts.Relation relation, Table table, boolean served) {
        return product == Product.COCKROACHDB
                ? relation.tableOid() != table.oid()
                : relation.tableOid() == table.oid()
                        && (served || !relation.valid() || table.kind() == TableKind.PARTITIONED_TABLE);
    }

    private static String sql(IndexFacts.Key key) {
        String column = Identifiers.quote(key.column());
        String value = key.cast() == null ? column : "((" + column + ")::" + key.cast() + ")";
        return key.collation() == null ? value : value + " COLLATE " + key.collation();
    }

    private List<String> statements(List<IndexPart> parts, List<String> keys, @Nullable String condition) {
        List<String> statements = new ArrayList<>();
        List<String> attachments = new ArrayList<>();
        for (IndexPart part : parts) {
            if (facts.invalid().stream().anyMatch(index -> index.name().equals(part.name()))) {
                if (part.kind() == TableKind.PARTITIONED_TABLE) {
                    // Waits for its parts.
                    attach(part, attachments);
                    continue;
                }
                statements.add(IndexSql.drop(IndexSql.Way.CONCURRENTLY, part.name()));
            } else if (facts.relations().stream().anyMatch(index -> index.name().equals(part.name()))
                    && product == Product.POSTGRESQL) {
                attach(part, attachments);
                continue;
            }
            statements.add(IndexSql.create(way(part), part.table(), part.index(), keys, condition));
            attach(part, attachments);
        }
        statements.addAll(attachments);
        return statements;
    }

    /** From the bottom to the top, so that each index is valid when it is attached. */
    private static void attach(IndexPart part, List<String> attachments) {
        if (part.parentIndex() != null) {
            attachments.add(0, IndexSql.attach(part.parentIndex(), part.name()));
        }
    }

    private IndexSql.Way way(IndexPart part) {
        if (product == Product.COCKROACHDB) {
            return IndexSql.Way.PLAIN;
        }
        return part.kind() == TableKind.PARTITIONED_TABLE ? IndexSql.Way.ON_ONLY : IndexSql.Way.CONCURRENTLY;
    }

    private long sum(List<IndexPart> parts, java.util.function.ToLongFunction<IndexFacts.Size> size) {
        long sum = 0;
        for (IndexPart part : parts) {
            if (part.kind() == TableKind.PARTITIONED_TABLE) {
                continue;
            }
            IndexFacts.Size known = facts.sizes().get(part.tableOid());
            if (known == null || size.applyAsLong(known) < 0) {
                return MissingIndex.UNKNOWN;
            }
            sum += size.applyAsLong(known);
        }
        return sum;
    }

    private static long estimate(List<IndexFacts.Key> keys, long rows, boolean partial) {
        if (rows < 0) {
            return MissingIndex.UNKNOWN;
        }
        int width = keys.stream().mapToInt(IndexFacts.Key::width).sum();
        int aligned = (width + 7) / 8 * 8;
        double share = partial ? 1 - keys.get(0).nullFraction() : 1;
        return (long) (rows * share * (aligned + BYTES_OF_AN_ENTRY) / FILL);
    }

    private void othersInvalid() {
        Set<TableName> ours = missing.stream()
                .flatMap(index -> index.parts().stream())
                .map(IndexPart::name)
                .collect(Collectors.toSet());
        facts.invalid().stream()
                .filter(index -> !ours.contains(index.name()) && graph.tables().containsKey(index.tableOid()))
                .filter(index -> !index.name().name().contains(IndexFacts.MARK))
                .forEach(index -> remarks.add(graph.tables().get(index.tableOid()) + ": the index "
                        + Identifiers.display(index.name().name())
                        + " is invalid, most likely since somebody's build of it failed; it is not touched. "
                        + "REINDEX INDEX CONCURRENTLY " + index.name().quoted() + ", or DROP INDEX CONCURRENTLY it"));
    }

    private void tooLittleRoom() {
        long bytes = missing.stream()
                .mapToLong(index -> Math.max(0, index.estimatedBytes()))
                .sum();
        if (facts.databaseBytes() > 0 && bytes > facts.databaseBytes() / LARGE_SHARE) {
            remarks.add("the new indexes may take " + Sizes.text(bytes) + ", more than a tenth of the database's "
                    + Sizes.text(facts.databaseBytes()) + ": see that there is room on the disk");
        }
    }
}
