package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.ClosureAdvice;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.OpenRows;
import java.util.ArrayList;
import java.util.List;

/** What is open and how it could be decided, for people: one line each, in columns. The same in every text. */
public final class OpenText {

    /** Beyond this a column is not aligned any more, so that one long name does not push all others out of sight. */
    private static final int WIDEST = 80;

    private OpenText() {}

    /** The open links, each with what it does and how many rows of today that concerns. */
    public static List<String> links(CascadePlan plan) {
        return aligned(plan.open().stream()
                .map(link -> List.of(link.foreignKey().toString(), link.words() + rows(plan, link)))
                .toList());
    }

    private static String rows(CascadePlan plan, Link link) {
        return plan.data()
                .of(link.foreignKey())
                .map(OpenRows::toString)
                .map(text -> " [" + text + ']')
                .orElse("");
    }

    /** The proposals with their reasons, and what the closure does by itself or nothing can close. */
    public static List<String> proposals(ClosureAdvice advice) {
        List<List<String>> rows = new ArrayList<>();
        advice.byScope().forEach(name -> rows.add(List.of("cascade_scope", name, "the closure converts it by itself")));
        advice.proposals().forEach(each -> rows.add(List.of(each.option(), each.entry(), each.reason())));
        advice.unclosable()
                .forEach(link -> rows.add(List.of("no option", link.foreignKey().qualifiedName(), link.reason())));
        return aligned(rows);
    }

    /** Rows of cells as lines whose cells begin below each other. */
    static List<String> aligned(List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                int width = Math.min(row.get(i).length(), WIDEST);
                if (i == widths.size()) {
                    widths.add(width);
                } else {
                    widths.set(i, Math.max(widths.get(i), width));
                }
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, List<Integer> widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String cell = row.get(i);
            line.append(cell);
            if (i < row.size() - 1) {
                line.append(" ".repeat(Math.max(0, widths.get(i) - cell.length()) + 2));
            }
        }
        return line.toString();
    }
}
