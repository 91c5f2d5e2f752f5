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

    /** Nothing is open. */
    public static final ClosureAdvice NONE = new ClosureAdvice(List.of(), List.of(), List.of(), List.of());

    public ClosureAdvice {
        byScope = List.copyOf(byScope);
        closure = List.copyOf(closure);
        setNull = List.copyOf(setNull);
        unclosable = List.copyOf(unclosable);
    }

    /** The advice line by line, as a person would type it into a configuration; empty if there is none. */
    public List<String> lines() {
        return lines(Integer.MAX_VALUE);
    }

    /** The same with so many names at most in a line, for a log. */
    public List<String> lines(int most) {
        List<String> lines = new ArrayList<>();
        if (!byScope.isEmpty() || !closure.isEmpty() || !setNull.isEmpty()) {
            lines.add("cascade_scope = closure"
                    + (byScope.isEmpty() ? "" : " (converts " + join(byScope, ", ", most) + ")"));
        }
        if (!closure.isEmpty()) {
            lines.add("cascade_closure = " + join(closure, ",", most));
        }
        if (!setNull.isEmpty()) {
            lines.add("cascade_set_null = " + join(setNull, ",", most));
        }
        unclosable.stream()
                .limit(most)
                .forEach(link ->
                        lines.add("no option closes " + link.foreignKey().qualifiedName() + ": " + link.reason()));
        if (unclosable.size() > most) {
            lines.add("no option closes " + (unclosable.size() - most) + " more");
        }
        return lines;
    }

    private static String join(List<String> names, String separator, int most) {
        return names.size() <= most
                ? String.join(separator, names)
                : String.join(separator, names.subList(0, most)) + " and " + (names.size() - most) + " more";
    }
}
