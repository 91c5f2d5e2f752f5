package dev.cascadecleanup.plan;

/** The rows that a foreign key on a reached table can hold, by whose they are. */
public enum RowKind {
    /** A row of the deleted person that references a row which is deleted. */
    OWN("a row of the deleted person"),
    /** A row of somebody else that references a row which is deleted. */
    OF_OTHERS("a row of somebody else that references the deleted person's"),
    /** A row of the deleted person that references a row of somebody else, which stays. */
    OWN_TO_OTHERS("a row of the deleted person that references somebody else's"),
    /** A row that belongs to nobody and references a row which is deleted. */
    WITHOUT_OWNER("a row without an owner");

    private final String words;

    RowKind(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
