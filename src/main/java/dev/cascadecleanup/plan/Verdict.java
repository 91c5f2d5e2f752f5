package dev.cascadecleanup.plan;

/** What a foreign key does to the delete of a parent row, as far as the schema tells. The worse, the later. */
public enum Verdict {
    /** It refuses no delete, and takes nobody else's rows. */
    SAFE("in nobody's way"),
    /** It refuses no delete, but takes rows of somebody else along. */
    TAKES_OTHERS_ROWS("takes others' rows"),
    /** What happens depends on how the names of two triggers happen to sort, which a swap, an undo or a restore can change. */
    ORDER_DEPENDENT("depends on an order nobody controls"),
    /** Some rows refuse the delete, those of somebody else say, and others do not. */
    DEPENDS_ON_DATA("refuses for some rows"),
    /** Every row that references a deleted row refuses the delete. */
    REFUSES("refuses");

    private final String words;

    Verdict(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
