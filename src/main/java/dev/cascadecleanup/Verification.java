package dev.cascadecleanup;

import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import java.util.List;

/**
 * Whether the foreign keys are as the options want them.
 *
 * @param deviating foreign keys that a migration would still convert
 * @param notValidated foreign keys that are as wanted but NOT VALID
 * @param kept foreign keys that an option or rule leaves as they are
 */
public record Verification(List<Conversion> deviating, List<String> notValidated, List<CascadePlan.Kept> kept) {

    public Verification {
        deviating = List.copyOf(deviating);
        notValidated = List.copyOf(notValidated);
        kept = List.copyOf(kept);
    }

    /** Whether nothing is left to convert. */
    public boolean passed() {
        return deviating.isEmpty();
    }
}
