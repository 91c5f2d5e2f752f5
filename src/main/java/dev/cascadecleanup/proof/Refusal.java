package dev.cascadecleanup.proof;

import dev.cascadecleanup.catalog.ForeignKey;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Why the delete did not go through.
 *
 * @param foreignKeys the foreign key that refused; several if its name alone does not tell; none if something else refused
 * @param interceptors the triggers and rules that had a hand in it, as far as the server's message tells; CockroachDB's tells nothing of
 *     triggers, so that there each that may have refused is listed, as {@code perhaps trigger ...}
 * @param message what the server said
 */
public record Refusal(List<ForeignKey> foreignKeys, List<String> interceptors, String message) {

    public Refusal {
        foreignKeys = List.copyOf(foreignKeys);
        interceptors = List.copyOf(interceptors);
    }

    /** The trigger or rule, else the foreign key with its action, else what the server said. */
    @Override
    public String toString() {
        if (!interceptors.isEmpty()) {
            return String.join(" or ", interceptors) + ": " + message;
        }
        return foreignKeys.isEmpty()
                ? message
                : foreignKeys.stream()
                        .map(fk -> fk + " ON DELETE " + fk.definition().describeOnDelete())
                        .collect(Collectors.joining(" or "));
    }
}
