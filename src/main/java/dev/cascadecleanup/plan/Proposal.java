package dev.cascadecleanup.plan;

import java.util.Objects;

/**
 * How an open link, or a trigger, could be decided.
 *
 * @param option {@code cascade_closure}, {@code cascade_set_null} or {@code cascade_accept}
 * @param entry what to add to it, {@code table.column} say
 * @param reason why this one is proposed
 */
public record Proposal(String option, String entry, String reason) {

    public Proposal {
        Objects.requireNonNull(option, "option");
        Objects.requireNonNull(entry, "entry");
        Objects.requireNonNull(reason, "reason");
    }

    @Override
    public String toString() {
        return option + " = " + entry + " (" + reason + ")";
    }
}
