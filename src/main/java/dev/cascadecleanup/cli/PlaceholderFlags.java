package dev.cascadecleanup.cli;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.internal.plan.PlaceholderOptions;
import dev.cascadecleanup.plan.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Options that each have the name, the values and the meaning of a Flyway placeholder, and win over it. */
abstract class PlaceholderFlags {

    private final Map<String, String> placeholders;

    PlaceholderFlags() {
        placeholders = new LinkedHashMap<>();
    }

    /** As a part of others. */
    PlaceholderFlags(PlaceholderFlags whole) {
        placeholders = whole.placeholders;
    }

    final void set(String placeholder, String value) {
        placeholders.put(placeholder, value);
    }

    /** These over those of the configuration. */
    final CascadeOptions over(CascadeOptions configured) {
        List<Problem> problems = new ArrayList<>();
        CascadeOptions options = PlaceholderOptions.read(configured, placeholders, problems);
        if (!problems.isEmpty()) {
            throw new CliException(String.join(
                    " ",
                    problems.stream().map(Problem::toString).map(this::asTyped).toList()));
        }
        return options;
    }

    /** The message, with the placeholders that were given as options called so. */
    final String asTyped(String message) {
        String text = message;
        for (String placeholder : placeholders.keySet()) {
            String option = "--" + placeholder.substring("cascade_".length()).replace('_', '-');
            text = text.replaceAll("(the placeholder )?\\b" + placeholder + "\\b", option);
        }
        return text;
    }
}
