package dev.cascadecleanup.proof;

import dev.cascadecleanup.catalog.TableName;

/**
 * What became of the rows in one table.
 *
 * @param table the table
 * @param path the shortest way to it from the parent, {@code users > orders (user_id)}
 * @param before rows of the deleted user before the delete
 * @param after the same after it
 * @param otherBefore rows of the other user before the delete
 * @param otherAfter the same after it
 * @param verdict what that means
 * @param cause the trigger, rule or foreign key that is behind it, where rows remain or are lost; else empty
 */
public record TableProof(
        TableName table,
        String path,
        long before,
        long after,
        long otherBefore,
        long otherAfter,
        Verdict verdict,
        String cause) {

    /** What the counts of a table mean. */
    public enum Verdict {
        /** Every row of the deleted user is gone, every row of the other is there. */
        ERASED("erased"),
        /** Rows of the deleted user are still there, but name nothing of it any more: ON DELETE SET NULL or SET DEFAULT. */
        DETACHED("detached"),
        /** Rows of the deleted user are still there. */
        REMAINS("REMAINS"),
        /** Rows of the other user are gone. */
        OTHER_LOST("OTHER USER'S ROWS GONE"),
        /** The delete was refused, so that nothing happened. */
        UNTOUCHED("untouched"),
        /** There was no row to delete, because none could be made. */
        MISSING("NO ROW"),
        /** A hint left the table out. */
        SKIPPED("skipped");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }
}
