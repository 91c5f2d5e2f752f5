package dev.cascadecleanup.internal.engine.cockroach;

import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.internal.engine.TableConstraint;

/**
 * The next step of a swap on CockroachDB. It follows from the catalog alone, so that it does not matter which run, of which
 * direction, left the table as it is. No step takes away the last foreign key on the columns.
 */
public enum SwapStep {
    /** The foreign key is what it should be. */
    COMPLETE,
    /** Add the stand-in with the definition that is wanted. */
    ADD_STAND_IN,
    /** Validate the stand-in, whose ADD did not get that far. */
    VALIDATE_STAND_IN,
    /** The stand-in does the work: drop the original. */
    DROP_ORIGINAL,
    /** The original is gone: the stand-in takes its name. */
    RENAME_STAND_IN,
    /** The original is wanted, or the stand-in is not: drop the stand-in. */
    DROP_STAND_IN,
    /** The foreign key is what it should be, but not validated. */
    VALIDATE_ORIGINAL,
    /** Neither of them is there, or the original is something that nobody asked for. */
    GIVE_UP_CHANGED,
    /** Somebody else's constraint has the stand-in's name. */
    GIVE_UP_NAME_TAKEN;

    /**
     * @param from what the foreign key was
     * @param target what it is to be
     * @param validate whether it is to be validated; false once rows are known to be in the way
     */
    public static SwapStep next(
            SwapState state, ForeignKeyDefinition from, ForeignKeyDefinition target, boolean validate) {
        TableConstraint original = state.original();
        TableConstraint standIn = state.standIn();
        if (standIn != null && !standIn.connectsSameColumns(target)) {
            return GIVE_UP_NAME_TAKEN;
        }
        if (original == null) {
            return standIn == null ? GIVE_UP_CHANGED : RENAME_STAND_IN;
        }
        if (original.isExceptValidation(target)) {
            if (validate && !original.isValidated()) {
                return VALIDATE_ORIGINAL;
            }
            return standIn == null ? COMPLETE : DROP_STAND_IN;
        }
        if (!original.isExceptValidation(from)) {
            return standIn != null && original.connectsSameColumns(target)
                    ? dropStandIn(original, validate)
                    : GIVE_UP_CHANGED;
        }
        if (standIn == null) {
            return ADD_STAND_IN;
        }
        if (!standIn.isExceptValidation(target)) {
            return dropStandIn(original, validate);
        }
        return validate && !standIn.isValidated() ? VALIDATE_STAND_IN : DROP_ORIGINAL;
    }

    /** A constraint that is just being dropped looks like one that is not validated; only the latter can be validated. */
    private static SwapStep dropStandIn(TableConstraint original, boolean validate) {
        return validate && !original.isValidated() ? VALIDATE_ORIGINAL : DROP_STAND_IN;
    }
}
