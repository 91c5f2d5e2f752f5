package dev.cascadecleanup;

import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.IndexPlan;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Verdict;
import java.util.List;
import java.util.Objects;

/**
 * Whether the foreign keys are as the options want them.
 *
 * @param deviating foreign keys that a migration would still convert
 * @param notValidated foreign keys that are as wanted but NOT VALID
 * @param kept foreign keys that an option or rule leaves as they are
 * @param open in the scope {@code closure}, foreign keys further down that no option keeps and that refuse the delete, or can
 * @param notSeen what could not be looked at: with it there is no yes
 * @param indexes what a delete lacks to find its rows without a scan; it does not make the verification fail
 */
public record Verification(
        List<Conversion> deviating,
        List<String> notValidated,
        List<CascadePlan.Kept> kept,
        List<Link> open,
        List<NotSeen> notSeen,
        IndexPlan indexes) {

    public Verification {
        deviating = List.copyOf(deviating);
        notValidated = List.copyOf(notValidated);
        kept = List.copyOf(kept);
        open = List.copyOf(open);
        notSeen = List.copyOf(notSeen);
        Objects.requireNonNull(indexes, "indexes");
    }

    /** Those of {@link #open()} that refuse every time. */
    public List<Link> refusing() {
        return open.stream().filter(link -> link.verdict() == Verdict.REFUSES).toList();
    }

    /** Whether something is left to convert or, in the scope {@code closure}, refuses every time. */
    public boolean failed() {
        return !deviating.isEmpty() || !refusing().isEmpty();
    }

    /** Whether all was seen and nothing is left to convert nor, in the scope {@code closure}, refuses every time. */
    public boolean passed() {
        return !failed() && notSeen.isEmpty();
    }
}
