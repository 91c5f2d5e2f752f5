package dev.cascadecleanup.plan;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * What becomes of each kind of row behind a foreign key when a person is deleted, whatever has been decided about it.
 *
 * <p>A row belongs to whom its owner links lead to: of the foreign keys of its table those on the parent that cascade; if there are
 * none, those on the parent that are checked; if there are none either, all that cascade. A row of the parent belongs to itself.
 *
 * @param own {@link RowKind#OWN}
 * @param ofOthers {@link RowKind#OF_OTHERS}: where it goes, somebody else loses a row
 * @param ownToOthers {@link RowKind#OWN_TO_OTHERS}
 * @param withoutOwner {@link RowKind#WITHOUT_OWNER}
 */
public record Judgement(Fate own, Fate ofOthers, Fate ownToOthers, Fate withoutOwner) {

    public Judgement {
        Objects.requireNonNull(own, "own");
        Objects.requireNonNull(ofOthers, "ofOthers");
        Objects.requireNonNull(ownToOthers, "ownToOthers");
        Objects.requireNonNull(withoutOwner, "withoutOwner");
    }

    /** What becomes of a row of this kind. */
    public Fate of(RowKind kind) {
        return switch (kind) {
            case OWN -> own;
            case OF_OTHERS -> ofOthers;
            case OWN_TO_OTHERS -> ownToOthers;
            case WITHOUT_OWNER -> withoutOwner;
        };
    }

    /** All four. */
    public Map<RowKind, Fate> byKind() {
        Map<RowKind, Fate> fates = new EnumMap<>(RowKind.class);
        for (RowKind kind : RowKind.values()) {
            fates.put(kind, of(kind));
        }
        return fates;
    }

    /** Whether a delete takes rows of somebody else over this foreign key, or can. */
    public boolean takesOthersRows() {
        return ofOthers == Fate.GOES || ofOthers == Fate.ANY_ORDER;
    }

    /** Whether a row of any kind can refuse the delete. */
    public boolean mayRefuse() {
        return own.mayRefuse() || ofOthers.mayRefuse() || withoutOwner.mayRefuse();
    }
}
