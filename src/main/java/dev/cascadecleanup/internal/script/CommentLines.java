package dev.cascadecleanup.internal.script;

import java.util.ArrayList;
import java.util.List;

/** Breaks a comment into the lines of a script. A word that no line can hold, such as three long names with dots, gets a line of its own. */
final class CommentLines {

    private static final int WIDTH = 120;
    private static final String START = "-- ";
    private static final String CONTINUED = "    ";

    private CommentLines() {}

    /** The lines, each with the dashes in front. */
    static List<String> of(String comment) {
        List<String> lines = new ArrayList<>();
        String indent = "";
        String rest = comment.replaceAll("\\R", " ");
        for (int end = lineEnd(rest, indent); end >= 0; end = lineEnd(rest, indent)) {
            lines.add(START + indent + rest.substring(0, end));
            rest = rest.substring(end + 1);
            indent = CONTINUED;
        }
        lines.add((START + indent + rest).stripTrailing());
        return lines;
    }

    /** Where to break: at the last blank that fits, else at the first one after it; -1 if there is nothing to break. */
    private static int lineEnd(String rest, String indent) {
        int width = WIDTH - indent.length();
        if (rest.length() <= width) {
            return -1;
        }
        int text = rest.length() - rest.stripLeading().length();
        int last = rest.lastIndexOf(' ', width);
        return last > text ? last : rest.indexOf(' ', Math.max(width, text));
    }
}
