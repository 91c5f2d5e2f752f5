package dev.cascadecleanup.internal.preview;

import java.util.Set;

/** What may become of a row. */
sealed interface Fate {

    /** It goes, in this pass; these have set columns of it before. */
    record Gone(int pass, Set<Edge> setters) implements Fate {

        public Gone {
            setters = Set.copyOf(setters);
        }
    }

    /** It stays; these have set columns of it. */
    record Kept(Set<Edge> setters) implements Fate {

        public Kept {
            setters = Set.copyOf(setters);
        }
    }

    /**
     * The delete fails over it.
     *
     * @param by the foreign key that refuses, or whose action does
     * @param reason why, if it is not simply that the row is still there
     */
    record Refused(Edge by, String reason) implements Fate {}

    /** What happens is beyond what is simulated. */
    record Unknown(Edge by, String reason) implements Fate {}
}
