package dev.cascadecleanup.plan;

import dev.cascadecleanup.internal.json.TextColumns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A decision for everything that a plan leaves open. Followed once and as a whole, it leaves nothing open but {@link #unclosable()}.
 *
 * @param byScope foreign keys that {@code cascade_scope = closure} converts by itself; empty if that is the scope already
 * @param needsClosure whether any of it needs {@code cascade_scope = closure}
 * @param proposals what to add to which option, by table and name
 * @param unclosable links that no option closes
 */
public record ClosureAdvice(
        List<String> byScope, boolean needsClosure, List<Proposal> proposals, List<Link> unclosable) {

    /** Nothing is open. */
    public static final ClosureAdvice NONE = new ClosureAdvice(List.of(), false, List.of(), List.of());

    private static final List<String> OPTIONS = List.of("cascade_closure", "cascade_set_null", "cascade_accept");
    /** A terminal is seldom wider, and a properties file goes on after a backslash. */
    private static final int WIDTH = 120;

    public ClosureAdvice {
        byScope = List.copyOf(byScope);
        proposals = List.copyOf(proposals);
        unclosable = List.copyOf(unclosable);
    }

    /** Whether there is anything to do or to say. */
    public boolean isEmpty() {
        return byScope.isEmpty() && proposals.isEmpty() && unclosable.isEmpty();
    }

    /** For people, one line each: the option, the entry and why; also what the closure does by itself, and what no option closes. */
    public List<String> proposalLines() {
        List<List<String>> rows = new ArrayList<>();
        byScope.forEach(name -> rows.add(List.of("cascade_scope", name, "the closure converts it by itself")));
        proposals.forEach(each -> rows.add(List.of(each.option(), each.entry(), each.reason())));
        unclosable.forEach(
                link -> rows.add(List.of("no option", link.foreignKey().qualifiedName(), link.reason())));
        return TextColumns.aligned(rows);
    }

    /** Entries for {@code cascade_closure}: links that are to cascade. */
    public List<String> closure() {
        return entries("cascade_closure");
    }

    /** Entries for {@code cascade_set_null}. */
    public List<String> setNull() {
        return entries("cascade_set_null");
    }

    /** Entries for {@code cascade_accept}: what is to stay as it is, and is known. */
    public List<String> accept() {
        return entries("cascade_accept");
    }

    private List<String> entries(String option) {
        return proposals.stream()
                .filter(proposal -> proposal.option().equals(option))
                .map(Proposal::entry)
                .toList();
    }

    /**
     * The proposals as placeholders to paste, in the form of a properties file: an option that is longer than a line goes on in the
     * next one after a backslash.
     */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (needsClosure) {
            lines.add("cascade_scope = closure");
        }
        OPTIONS.forEach(option -> addLines(lines, option, entries(option)));
        return lines;
    }

    /** The same for programs: the value of each placeholder, whole, by its name. */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        if (needsClosure) {
            settings.put("cascade_scope", "closure");
        }
        for (String option : OPTIONS) {
            if (!entries(option).isEmpty()) {
                settings.put(option, String.join(",", entries(option)));
            }
        }
        return settings;
    }

    private static void addLines(List<String> lines, String option, List<String> entries) {
        if (entries.isEmpty()) {
            return;
        }
        StringBuilder line = new StringBuilder(option).append(" = ");
        for (int i = 0; i < entries.size(); i++) {
            String entry = entries.get(i) + (i < entries.size() - 1 ? "," : "");
            if (line.length() + entry.length() > WIDTH && !line.toString().isBlank()) {
                lines.add(line + "\\");
                line = new StringBuilder("    ");
            }
            line.append(entry);
        }
        lines.add(line.toString());
    }
}
