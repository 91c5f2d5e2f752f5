package dev.cascadecleanup.plan;

/** What an option says about a foreign key, and so what somebody has decided about the rows of others behind it. */
public enum Decision {
    /** Nothing, or only what holds for all. */
    NONE(""),
    /** Its rows are to go, whosoever they are: {@code cascade_closure}, or {@code cascade_self_references = cascade}. */
    CASCADE("cascade"),
    /** Its rows are to stay without the reference: {@code cascade_set_null} or {@code cascade_keep_set_null}. */
    SET_NULL("set null"),
    /** It is to stay as it is, and is not looked at any further: {@code cascade_keep}. */
    KEEP("kept"),
    /** It is known that rows of others, or of nobody, refuse or go: {@code cascade_accept}. */
    ACCEPT("accepted");

    private final String words;

    Decision(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
