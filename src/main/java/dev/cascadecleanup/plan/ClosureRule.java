package dev.cascadecleanup.plan;

import java.util.List;

/**
 * An entry of {@code cascade_closure}: what to do with a link that the closure would not convert by itself.
 *
 * @param selector which foreign keys
 * @param policy what becomes of them
 */
public record ClosureRule(ForeignKeySelector selector, Policy policy) {

    /** What becomes of the link. */
    public enum Policy {
        /** ON DELETE CASCADE. */
        CASCADE,
        /** DEFERRABLE INITIALLY DEFERRED (PostgreSQL only): checked at commit, when the whole cascade is done. */
        DEFER,
        /** Both. */
        CASCADE_AND_DEFER
    }

    /**
     * A comma-separated list of {@code table.column}, {@code table.column=defer} and {@code table.column=cascade+defer}; empty for
     * blank text.
     *
     * @throws IllegalArgumentException if it is not such a list, with the reason
     */
    public static List<ClosureRule> parseList(String text) {
        return SqlNames.parse(text).stream()
                .map(entry -> new ClosureRule(ForeignKeySelector.of(entry), policy(entry)))
                .toList();
    }

    private static Policy policy(SqlNames.Entry entry) {
        if (entry.suffix() == null || entry.suffix().equalsIgnoreCase("cascade")) {
            return Policy.CASCADE;
        }
        if (entry.suffix().equalsIgnoreCase("defer")) {
            return Policy.DEFER;
        }
        if (entry.suffix().equalsIgnoreCase("cascade+defer")) {
            return Policy.CASCADE_AND_DEFER;
        }
        throw new IllegalArgumentException(
                "'" + entry.text() + '=' + entry.suffix() + "': after '=' comes cascade, defer or cascade+defer");
    }
}
