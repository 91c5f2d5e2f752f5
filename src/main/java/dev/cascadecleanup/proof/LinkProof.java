package dev.cascadecleanup.proof;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.plan.Decision;
import dev.cascadecleanup.plan.Fate;
import dev.cascadecleanup.plan.RowKind;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of one kind of row behind one foreign key.
 *
 * @param foreignKey the foreign key that leads to the deleted person's row, or, in such a row, to somebody else's
 * @param kind whose the row is
 * @param fate what became of it; null if it could not be made
 * @param predicted what the judgement says of such rows, the worst of them; null if it was not asked
 * @param result what that means
 * @param decision what an option says about the foreign key
 * @param cause what refused, took or kept the row, or why there is none; empty where nothing has to be said
 * @param decisions how it could be decided, {@code cascade_accept = likes.post_id (...)} say
 */
public record LinkProof(
        ForeignKey foreignKey,
        RowKind kind,
        @Nullable Fate fate,
        @Nullable Fate predicted,
        Result result,
        Decision decision,
        String cause,
        List<String> decisions) {

    /** What the fate of a row means. */
    public enum Result {
        /** It is in nobody's way, and nobody loses anything that is theirs. */
        FINE("fine"),
        /** It refuses, or is lost to others, and an option says that this is known. */
        DECIDED("as decided"),
        /** It could not be made or looked at: nothing is known. */
        NOT_SEEN("NOT SEEN"),
        /** Somebody else has lost it. */
        TAKES_OTHERS_ROWS("TAKES OTHERS' ROWS"),
        /** It refuses the delete. */
        REFUSED("REFUSED"),
        /** It stays, and names a row that is gone. */
        REMAINS("REMAINS");

        private final String words;

        Result(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    public LinkProof {
        Objects.requireNonNull(foreignKey, "foreignKey");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(result, "result");
        Objects.requireNonNull(decision, "decision");
        Objects.requireNonNull(cause, "cause");
        decisions = List.copyOf(decisions);
    }

    /** Whether the database did something worse than was predicted, which is an error of this library. */
    public boolean differs() {
        return fate != null && predicted != null && fate != predicted && worse(fate, predicted);
    }

    private boolean worse(Fate fate, Fate predicted) {
        return predicted == Fate.NO_SUCH_ROW
                || switch (fate) {
                    case REFUSES -> !predicted.mayRefuse();
                    case GOES -> kind == RowKind.OF_OTHERS && (predicted == Fate.DETACHED || predicted == Fate.STAYS);
                    default -> false;
                };
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(
                foreignKey + " ON DELETE " + foreignKey.definition().describeOnDelete() + ": " + result + ": " + kind
                        + (fate == null ? "" : " " + fate));
        if (!cause.isEmpty()) {
            text.append(": ").append(cause);
        }
        decisions.forEach(decision ->
                text.append(System.lineSeparator()).append("      decide: ").append(decision));
        return text.toString();
    }
}
