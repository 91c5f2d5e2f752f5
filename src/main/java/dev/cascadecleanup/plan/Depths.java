package dev.cascadecleanup.plan;

/**
 * How many cascades lie between the statement and the deletion of a row: 0 for the rows that the statement itself deletes.
 *
 * @param shallowest the least for any row of a table; {@link #NEVER} if no row is ever deleted
 * @param deepest the most; {@link #NEVER} if there may be rows that are not deleted
 */
public record Depths(int shallowest, int deepest) {

    /** The depth of a row that stays. Also stands for a depth without a limit, in a cycle of cascades. */
    public static final int NEVER = Integer.MAX_VALUE;

    /** The depth of rows that the delete does not reach. */
    public static final Depths UNREACHED = new Depths(NEVER, NEVER);

    /** The one depth of a certain row. */
    public static Depths of(int depth) {
        return new Depths(depth, depth);
    }

    public Depths {
        if (shallowest < 0 || shallowest > deepest) {
            throw new IllegalArgumentException("depths from " + shallowest + " to " + deepest);
        }
    }

    /** Whether any row is deleted. */
    public boolean isReached() {
        return shallowest != NEVER;
    }

    /** Whether every row is deleted. */
    public boolean isBounded() {
        return deepest != NEVER;
    }

    @Override
    public String toString() {
        if (!isReached()) {
            return "not deleted";
        }
        if (shallowest == deepest) {
            return String.valueOf(shallowest);
        }
        return shallowest + (isBounded() ? " to " + deepest : " or more, and not every row");
    }
}
