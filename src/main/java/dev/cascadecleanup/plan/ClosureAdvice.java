package dev.cascadecleanup.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * The options with which a migration would close what a plan leaves open.
 *
 * @param byScope foreign keys that {@code cascade_scope = closure} converts by itself; empty if that is the scope already
 * @param closure entries for {@code cascade_closure}: links that are converted only when they are named
 * @param setNull entries for {@code cascade_set_null}: references from the parent itself, where a cascade would delete other users
 * @param unclosable links that no option closes
 */
public record ClosureAdvice(List<String> byScope, List<String> closure, List<String> setNull, List<Link> unclosable) {

    private static final int MOST_NAMED = 20;

    /** Nothing is open. */
    public static final ClosureAdvice NONE = new ClosureAdvice(List.of(), List.of(), List.of(), List.of());

    public ClosureAdvice {
        byScope = List.copyOf(byScope);
        closure = List.copyOf(closure);
        setNull = List.copyOf(setNull);
        unclosable = List.copyOf(unclosable);
    }

    private String convertedByScope() {
        String names = String.join(", ", byScope.subList(0, Math.min(byScope.size(), MOST_NAMED)));
        return byScope.size() <= MOST_NAMED ? names : names + " and " + (byScope.size() - MOST_NAMED) + " more";
    }

    /** The advice line by line, as a person would type it into a configuration; empty if there is none. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (!byScope.isEmpty() || !closure.isEmpty() || !setNull.isEmpty()) {
            lines.add("cascade_scope = closure" + (byScope.isEmpty() ? "" : " (converts " + convertedByScope() + ")"));
        }
        if (!closure.isEmpty()) {
            lines.add("cascade_closure = " + String.join(",", closure));
        }
        if (!setNull.isEmpty()) {
            lines.add("cascade_set_null = " + String.join(",", setNull));
        }
        unclosable.forEach(link -> lines.add("no option closes " + link.foreignKey().qualifiedName() + ": " + link.reason()));
        return lines;
    }
}
