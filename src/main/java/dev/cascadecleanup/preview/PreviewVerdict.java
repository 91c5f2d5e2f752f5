package dev.cascadecleanup.preview;

/** What the one DELETE would come to; which one it is, and in which words, the preview's report writer decides. */
public enum PreviewVerdict {
    /** Everything that hangs on the person goes or is detached, and nothing of anybody else goes. */
    SUCCEEDS("succeeds"),
    /** It succeeds, and rows of people who stay go too. */
    TAKES_OTHERS_ROWS("takes others' rows"),
    /** It succeeds, and rows stay that reference what is gone: a foreign key is NOT ENFORCED, or its trigger is switched off. */
    LEAVES_ROWS_BEHIND("leaves rows behind"),
    /** It fails, and changes nothing. */
    REFUSED("refused"),
    /** Whether it fails, or which rows go, depends on an order in which the server happens to work. */
    ORDER_DECIDES("an order decides"),
    /** Something that decides is out of sight: a trigger, a table that the role may not read, a limit of counting. */
    NOT_SEEN("not seen");

    private final String words;

    PreviewVerdict(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
