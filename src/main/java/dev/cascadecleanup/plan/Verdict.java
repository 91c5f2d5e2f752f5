package dev.cascadecleanup.plan;

/** What a foreign key does to the delete of a parent row, as far as the schema tells. The worse, the later. */
public enum Verdict {
    /** It never refuses the delete, as long as no row hangs on the rows of two parents. */
    SAFE("safe"),
    /** What happens depends on how the names of two triggers happen to sort, which a swap, an undo or a restore can change. */
    ORDER_DEPENDENT("order-dependent"),
    /** Some rows refuse the delete and others do not. */
    DEPENDS_ON_DATA("depends on the data"),
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
