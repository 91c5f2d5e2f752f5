package dev.cascadecleanup.internal.proof.row;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.internal.proof.schema.Column;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A row on its way: what is decided about it, and what the server's refusals have taught about it. */
final class Draft {

    private final TableShape shape;
    private final Owner owner;
    private final Map<String, Cell> fixed = new LinkedHashMap<>();
    private final Map<String, List<Cell>> alternatives = new HashMap<>();
    private final Map<String, Cell> preferred = new HashMap<>();
    private final Set<ForeignKey> links = new LinkedHashSet<>();
    private final Set<String> toFill = new HashSet<>();
    private final Set<String> distinct = new HashSet<>();
    private final List<ForeignKey> late = new ArrayList<>();
    private final Set<ForeignKey> bystanders = new LinkedHashSet<>();
    private final Map<ForeignKey, Owner> targets;
    private boolean fillAll;

    Draft(TableShape shape, Owner owner) {
        this(shape, owner, Map.of());
    }

    /** @param targets to whose rows the links of a {@link Owner#MIXED} row lead; those that are missing lead to none */
    Draft(TableShape shape, Owner owner, Map<ForeignKey, Owner> targets) {
        this.shape = shape;
        this.owner = owner;
        this.targets = targets;
    }

    /** To whose row a link of a mixed row leads; empty if it is to stay empty. */
    Optional<Owner> target(ForeignKey fk) {
        return Optional.ofNullable(targets.get(fk));
    }

    /** Whose rows of tables that belong to nobody this row uses. */
    Owner ownerOfLookups() {
        return owner != Owner.MIXED ? owner : targets.containsValue(Owner.BYSTANDER) ? Owner.BYSTANDER : Owner.OTHER;
    }

    TableShape shape() {
        return shape;
    }

    Owner owner() {
        return owner;
    }

    /** Decides a column for good: a link, a hint, a key that another row already counts on. */
    void fix(String column, Cell cell) {
        fixed.put(column, cell);
    }

    @Nullable
    Cell fixed(String column) {
        return fixed.get(column);
    }

    Optional<Cell> fixedTo(String column) {
        return Optional.ofNullable(fixed.get(column));
    }

    boolean isFixed(String column) {
        return fixed.containsKey(column);
    }

    /** Something else that the column could hold if what is fixed does not satisfy a condition. */
    void offer(String column, Cell cell) {
        List<Cell> offers = alternatives.computeIfAbsent(column, name -> new ArrayList<>());
        if (!offers.contains(cell)) {
            offers.add(cell);
        }
    }

    List<Cell> alternatives(String column) {
        return alternatives.getOrDefault(column, List.of());
    }

    /** What the column should hold unless a condition forbids it. */
    void prefer(String column, Cell cell) {
        preferred.put(column, cell);
    }

    Optional<Cell> preferred(String column) {
        return Optional.ofNullable(preferred.get(column));
    }

    boolean hasPreferences() {
        return !preferred.isEmpty();
    }

    void link(ForeignKey fk) {
        links.add(fk);
    }

    Set<ForeignKey> links() {
        return links;
    }

    /** A link that has to wait for the row at its other end. */
    void addLate(ForeignKey fk) {
        late.add(fk);
    }

    List<ForeignKey> late() {
        return late;
    }

    /** Notes that the table has several links to the same users, and that a condition may want them different. */
    void mayNeedBystander(ForeignKey fk) {
        bystanders.add(fk);
    }

    boolean needsBystander(ForeignKey fk) {
        return bystanders.contains(fk);
    }

    void fill(String column) {
        toFill.add(column);
    }

    void fillAll() {
        fillAll = true;
    }

    void makeDistinct(String column) {
        distinct.add(column);
    }

    boolean isDistinct(String column) {
        return distinct.contains(column);
    }

    /** Whether something about the column is particular to this row. */
    boolean isDecided(String column) {
        return fillAll
                || preferred.containsKey(column)
                || fixed.containsKey(column)
                || alternatives.containsKey(column)
                || distinct.contains(column)
                || toFill.contains(column);
    }

    /** Whether the column must get a value of our own making. */
    boolean wantsValue(Column column) {
        if (column.source() == Column.Source.GENERATED) {
            return false;
        }
        return column.isSupplied()
                ? distinct.contains(column.name()) || toFill.contains(column.name())
                : column.notNull() || toFill.contains(column.name()) || distinct.contains(column.name()) || fillAll;
    }
}
