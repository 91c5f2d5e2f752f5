package dev.cascadecleanup.plan;

/** What becomes of a row when a person is deleted; of several rows of one kind, the worst. The worse, the later. */
public enum Fate {
    /** The schema allows no such row. */
    NO_SUCH_ROW("no such row"),
    /** It is deleted. */
    GOES("goes"),
    /** It stays, and its reference becomes NULL or the default. */
    DETACHED("detached"),
    /** It stays as it is. */
    STAYS("stays"),
    /** It goes or it refuses the delete, as the names of two triggers happen to sort; a swap, an undo or a restore can change that. */
    ANY_ORDER("depends on an order nobody controls"),
    /** It refuses the delete, or can. */
    REFUSES("refuses");

    private final String words;

    Fate(String words) {
        this.words = words;
    }

    /** Whether such a row can refuse the delete. */
    public boolean mayRefuse() {
        return this == ANY_ORDER || this == REFUSES;
    }

    @Override
    public String toString() {
        return words;
    }
}
