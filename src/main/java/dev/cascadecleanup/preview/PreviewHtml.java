package dev.cascadecleanup.preview;

import static dev.cascadecleanup.internal.json.HtmlText.escape;

import java.util.List;

/** A preview as one HTML page that needs nothing else, for the ticket of an erasure request: a bar for each table, and no row's values but keys. */
final class PreviewHtml {

    private static final String STYLE = """
            :root{color-scheme:light dark;--page:#fff;--text:#1d2330;--faint:#5c6577;--line:#d5dae3;--box:#f6f8fb;--no:#b3261e;--yes:#1b6e3c;--maybe:#8a5a00;
            --go:#1f5fbf;--detached:#8a6fd1}
            @media (prefers-color-scheme:dark){:root{--page:#14171d;--text:#e5e8ee;--faint:#a3acbd;--line:#3a4252;--box:#1d222b;--no:#ff8a80;--yes:#7bd49b;
            --maybe:#ffc55c;--go:#8ab8ff;--detached:#c3b1f5}}
            body{margin:0 auto;max-width:70rem;padding:1.5rem;background:var(--page);color:var(--text);font:15px/1.5 system-ui,sans-serif}
            h1{font-size:1.5rem;margin:0;overflow-wrap:anywhere}h2{font-size:1.15rem;margin:2rem 0 .5rem}.faint{color:var(--faint)}
            .verdict{background:var(--box);border:1px solid var(--line);border-left-width:6px;border-radius:6px;padding:.7rem 1rem;margin:1rem 0;font-size:1.1rem}
            .yes{border-left-color:var(--yes)}.no{border-left-color:var(--no)}.maybe{border-left-color:var(--maybe)}
            table{border-collapse:collapse;width:100%;font-size:.92rem}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;
            border-bottom:1px solid var(--line);overflow-wrap:anywhere}td.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
            td.bar{width:30%;min-width:8rem}.bar div{height:.8rem;border-radius:2px;display:inline-block;vertical-align:middle}
            .go{background:var(--go)}.detached{background:var(--detached)}.refuse{background:var(--no)}li{margin:.25rem 0;overflow-wrap:anywhere}
            """;

    private final PreviewReport report;
    private final StringBuilder html = new StringBuilder();

    PreviewHtml(PreviewReport report) {
        this.report = report;
    }

    String write() {
        String title = PreviewText.statement(report);
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
                .append(escape(title))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<main>\n");
        element("h1", title);
        html.append("<p class=\"faint\">")
                .append(escape(report.after() + ", " + report.server()
                        + ". Preview by flyway-cascade-cleanup: read in one snapshot in "
                        + report.elapsed().toMillis() + " ms, nothing was changed."))
                .append("</p>\n<div class=\"verdict ")
                .append(style(report.verdict()))
                .append("\">")
                .append(escape("This delete: " + report.verdict() + ". " + (report.complete() ? "" : "At least ")
                        + PreviewText.count(report.rowsDeleted()) + " rows go, "
                        + PreviewText.count(report.rowsDetached())
                        + " are detached."))
                .append("</div>\n");
        element("p", "The delete itself: " + report.forecast());
        list("Why", report.reasons());
        tables();
        list(
                "What others lose",
                report.taking().stream()
                        .map(link -> link + ": " + PreviewText.count(link.taken()) + " rows"
                                + (link.takenCounts() ? "" : ", the person's own, or decided"))
                        .toList());
        list(
                "What stays about the person, in columns without a foreign key",
                report.copies().stream()
                        .filter(copy -> copy.rows() != 0)
                        .map(copy -> copy.table() + "." + copy.column() + ": "
                                + (copy.rows() < 0 ? copy.note() : PreviewText.count(copy.rows()) + " rows"))
                        .toList());
        html.append("</main>\n</body>\n</html>\n");
        return html.toString();
    }

    private static String style(PreviewVerdict verdict) {
        return switch (verdict) {
            case SUCCEEDS -> "yes";
            case REFUSED, TAKES_OTHERS_ROWS, LEAVES_ROWS_BEHIND -> "no";
            case ORDER_DECIDES, NOT_SEEN -> "maybe";
        };
    }

    private void tables() {
        element("h2", "Tables");
        html.append("<table>\n<tr><th>table<th><th>go<th>detached<th>refuse<th>keys</tr>\n");
        long most = report.tables().stream()
                .mapToLong(table -> table.deleted() + table.detached() + table.refusing())
                .max()
                .orElse(1);
        for (TablePreview table : report.tables()) {
            html.append("<tr title=\"")
                    .append(escape(table.way()))
                    .append("\"><td>")
                    .append(escape(table.table().toString()))
                    .append("<td class=\"bar\">");
            bar("go", table.deleted(), most);
            bar("detached", table.detached(), most);
            bar("refuse", table.refusing(), most);
            for (long number : new long[] {table.deleted(), table.detached(), table.refusing()}) {
                html.append("<td class=\"n\">").append(PreviewText.count(number));
            }
            html.append("<td>").append(escape(String.join(", ", table.keys()))).append("</tr>\n");
        }
        html.append("</table>\n");
    }

    private void bar(String kind, long rows, long most) {
        if (rows > 0) {
            html.append("<div class=\"")
                    .append(kind)
                    .append("\" style=\"width:")
                    .append(Math.max(1, 95 * rows / most))
                    .append("%\"></div>");
        }
    }

    private void list(String title, List<String> entries) {
        if (!entries.isEmpty()) {
            element("h2", title);
            html.append("<ul>\n");
            entries.forEach(entry -> html.append("<li>").append(escape(entry)).append("\n"));
            html.append("</ul>\n");
        }
    }

    private void element(String name, String text) {
        html.append('<')
                .append(name)
                .append('>')
                .append(escape(text))
                .append("</")
                .append(name)
                .append(">\n");
    }
}
