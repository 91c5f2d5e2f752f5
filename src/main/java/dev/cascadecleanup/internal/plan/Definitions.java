package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Link;
import java.util.Collection;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/** How every foreign key is defined once some conversions are made. */
final class Definitions {

    private static final Set<ReferentialAction> SETTING =
            EnumSet.of(ReferentialAction.SET_NULL, ReferentialAction.SET_DEFAULT);

    private final Map<ForeignKey, Conversion> conversions = new IdentityHashMap<>();
    private final References references;
    private final boolean trustNotValid;

    /**
     * Without any conversion yet.
     *
     * @param references the foreign keys
     * @param options whether a foreign key that is NOT VALID is about to be validated off-peak, and so as good as valid
     * @param product CockroachDB validates always
     */
    Definitions(References references, CascadeOptions options, Product product) {
        this.references = references;
        this.trustNotValid = product == Product.POSTGRESQL && !options.validate();
    }

    private Definitions(Definitions other) {
        conversions.putAll(other.conversions);
        references = other.references;
        trustNotValid = other.trustNotValid;
    }

    Definitions copy() {
        return new Definitions(this);
    }

    void convert(Conversion conversion) {
        conversions.put(conversion.foreignKey(), conversion);
    }

    Collection<Conversion> conversions() {
        return conversions.values();
    }

    boolean isConverted(ForeignKey fk) {
        return conversions.containsKey(fk);
    }

    ForeignKeyDefinition of(ForeignKey fk) {
        Conversion conversion = conversions.get(fk);
        return conversion == null ? fk.definition() : conversion.target();
    }

    /** What happens to rows whose referenced row is deleted. */
    Link.Effect effect(ForeignKey fk) {
        if (isSwitchedOff(fk, "ON_DELETE") || !of(fk).enforced()) {
            return Link.Effect.LEFT_BEHIND;
        }
        return switch (of(fk).onDelete()) {
            case CASCADE -> Link.Effect.DELETED;
            case SET_NULL -> Link.Effect.SET_NULL;
            case SET_DEFAULT -> Link.Effect.SET_DEFAULT;
            case NO_ACTION, RESTRICT -> Link.Effect.CHECKED;
        };
    }

    /** Whether one of its triggers does not fire in an ordinary session. */
    static boolean isSwitchedOff(ForeignKey fk, String trigger) {
        return !fk.triggerStates().isEmpty()
                && (fk.triggerStates().contains(trigger + "=D")
                        || fk.triggerStates().contains(trigger + "=R"));
    }

    boolean deletes(ForeignKey fk) {
        return effect(fk) == Link.Effect.DELETED;
    }

    /**
     * Whether every row of the referencing table goes with the row that it references: it always references one, and there is nothing
     * to doubt about it. (A foreign key of a partition speaks for that partition only.)
     */
    boolean carriesEveryRow(ForeignKey fk) {
        return deletes(fk) && wouldCarryEveryRow(fk);
    }

    /** The same once its action is CASCADE. */
    boolean wouldCarryEveryRow(ForeignKey fk) {
        return fk.nullableColumns().isEmpty()
                && !fk.table().partition()
                && of(fk).enforced()
                && fk.triggerStates().isEmpty()
                && (of(fk).validated() || trustNotValid)
                && references.overlapping(fk, this, SETTING).isEmpty();
    }
}
