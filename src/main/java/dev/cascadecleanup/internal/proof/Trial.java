package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.proof.row.Owner;
import dev.cascadecleanup.internal.proof.row.Row;
import dev.cascadecleanup.plan.Fate;
import dev.cascadecleanup.plan.RowKind;
import dev.cascadecleanup.proof.MissingRow;
import dev.cascadecleanup.proof.Refusal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One row that hangs on several persons or on nobody, and what became of it. */
final class Trial {

    /** How the row comes about. */
    enum Way {
        /** Beside the rows that are there. */
        INSERT,
        /** With a third person in place of the second, whose rows leave keys free. */
        INSERT_FOR_BYSTANDER,
        /** By changing a row that is there. */
        UPDATE,
        /** The same with the third person. */
        UPDATE_FOR_BYSTANDER
    }

    /**
     * What the row shows.
     *
     * @param foreignKey the link
     * @param kind whose the row is, as seen from this link
     */
    record Label(ForeignKey foreignKey, RowKind kind) {}

    private final Table table;
    private final ForeignKey first;
    private final Deque<Map<ForeignKey, Owner>> ways = new ArrayDeque<>();
    private final Set<Label> labels = new LinkedHashSet<>();
    private @Nullable Row row;
    private @Nullable MissingRow problem;
    private @Nullable Refusal refusal;
    private final Map<Label, Fate> fates = new LinkedHashMap<>();
    private final Set<Label> dangling = new LinkedHashSet<>();
    private boolean ownRow;

    /** @param ways where its links may lead to so that it shows the same, the fullest first */
    Trial(Table table, ForeignKey first, List<Map<ForeignKey, Owner>> ways) {
        this.table = table;
        this.first = first;
        ways.forEach(targets -> this.ways.add(Map.copyOf(targets)));
    }

    /** Takes the next of the ways; says whether there is one. */
    boolean goAnotherWay() {
        if (ways.size() > 1) {
            ways.poll();
            return true;
        }
        return false;
    }

    Table table() {
        return table;
    }

    ForeignKey first() {
        return first;
    }

    Map<ForeignKey, Owner> targets() {
        return ways.peek();
    }

    Set<Label> labels() {
        return labels;
    }

    /** Whether a foreign key of the row leads to a row of the person that is deleted. */
    boolean hangsOnErased(ForeignKey fk) {
        return targets().get(fk) == Owner.ERASED;
    }

    /** Null if there is none. */
    @Nullable
    Row row() {
        return row;
    }

    void made(Row made) {
        row = made;
        problem = null;
    }

    void notMade(MissingRow why) {
        row = null;
        problem = why;
    }

    /** Why there is no row, or nothing is known of it; null if there is one. */
    @Nullable
    MissingRow problem() {
        return problem;
    }

    void refused(Refusal by) {
        refusal = by;
        labels.forEach(label -> fates.put(label, Fate.REFUSES));
    }

    /** What refused it; null if nothing did. */
    @Nullable
    Refusal refusal() {
        return refusal;
    }

    /** @param namesWhatIsGone whether the row still names one that is gone */
    void became(Label label, Fate fate, boolean namesWhatIsGone) {
        fates.put(label, fate);
        if (namesWhatIsGone) {
            dangling.add(label);
        }
    }

    /** What became of it, as seen from this link; null if that is not known. */
    @Nullable
    Fate fate(Label label) {
        return fates.get(label);
    }

    boolean dangles(Label label) {
        return dangling.contains(label);
    }

    /** It was refused only because the deleting transaction had written it itself. */
    void refusedAsOwnRow() {
        ownRow = true;
    }

    boolean wasRefusedAsOwnRow() {
        return ownRow;
    }
}
