package dev.cascadecleanup.audit;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.internal.json.HtmlText;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Proposal;
import dev.cascadecleanup.plan.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Writes an audit as one HTML page that needs nothing else: no script, no network. */
final class HtmlReport {

    private static final String STYLE = """
            :root{color-scheme:light dark;--page:#fff;--text:#1d2330;--faint:#5c6577;--line:#d5dae3;--box:#f6f8fb;--red:#b3261e;--green:#1b6e3c;
            --blue:#1f5fbf;--amber:#8a5a00}
            @media (prefers-color-scheme:dark){:root{--page:#14171d;--text:#e5e8ee;--faint:#a3acbd;--line:#3a4252;--box:#1d222b;--red:#ff8a80;
            --green:#7bd49b;--blue:#8ab8ff;--amber:#ffc55c}}
            body{margin:0 auto;max-width:1500px;padding:1.5rem;background:var(--page);color:var(--text);font:15px/1.5 system-ui,sans-serif}
            h1{font-size:1.6rem;margin:0}h2{font-size:1.2rem;margin:2.2rem 0 .6rem}h3{font-size:1rem;margin:1.2rem 0 .4rem}
            p{margin:.4rem 0}.faint{color:var(--faint)}
            code,pre,.node text{font-family:ui-monospace,SFMono-Regular,Consolas,"DejaVu Sans Mono",monospace}code{font-size:.88em;overflow-wrap:anywhere}
            pre{background:var(--box);border:1px solid var(--line);border-radius:6px;padding:.6rem .8rem;white-space:pre-wrap;overflow-wrap:anywhere}
            .cards{display:flex;flex-wrap:wrap;gap:1rem;margin:1rem 0}
            .card{flex:1 1 20rem;background:var(--box);border:1px solid var(--line);border-left-width:5px;border-radius:6px;padding:.7rem 1rem}
            .card b{display:block;font-size:1.1rem}.card.no{border-left-color:var(--red)}.card.yes{border-left-color:var(--green)}
            .card.maybe{border-left-color:var(--amber)}
            .scroll{overflow:auto;border:1px solid var(--line);border-radius:6px;background:var(--box)}
            .picture .scroll{max-height:85vh}
            .zoom{display:inline-flex;gap:.9rem;margin:.3rem 0 .5rem;font-size:.9rem}.zoom label{cursor:pointer}
            .picture:has(.fit:checked) svg.graph{width:100%;height:auto;max-height:83vh}
            .picture:has(.half:checked) svg.graph{width:calc(var(--w)*.5);height:calc(var(--h)*.5)}
            .picture:has(.twice:checked) svg.graph{width:calc(var(--w)*2);height:calc(var(--h)*2)}
            nav{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:.8rem 0}a{color:var(--blue)}
            .scroll:focus-visible,summary:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
            svg{display:block;max-width:none}.sample{display:inline-block;vertical-align:middle;margin-right:.4rem}
            .node rect{fill:var(--page);stroke:var(--faint);stroke-width:1.2}.node text{font-size:12px;fill:var(--text)}
            .node.parent rect{fill:var(--blue);stroke:var(--blue)}.node.parent text{fill:var(--page);font-weight:700}
            .node.kept rect{stroke-dasharray:4 3}.node.kept text{fill:var(--faint)}
            .edge{fill:none;stroke:var(--faint);stroke-width:1.4}.edge.changed{stroke:var(--blue);stroke-width:1.8}
            .node.folded rect{fill:var(--box);stroke-width:2.4}.node.folded text{font-style:italic}
            .edge.takes{stroke:var(--amber);stroke-width:2.2;stroke-dasharray:2 3 9 3}.head.takes{fill:var(--amber)}
            .edge.keeps{stroke-dasharray:2 4}.edge.refuses{stroke:var(--red);stroke-width:2.2;stroke-dasharray:9 4}
            .edge:hover{stroke-width:4}.head{fill:var(--faint)}.head.changed{fill:var(--blue)}.head.refuses{fill:var(--red)}
            .legend{display:flex;flex-wrap:wrap;gap:.3rem 1.6rem;padding:0;margin:.5rem 0;list-style:none;font-size:.9rem}
            td details,td summary{display:inline;margin:0 0 0 .6rem;font-weight:400;text-decoration:underline dotted}td details[open]{display:block;margin:0}
            pre{max-height:26rem;overflow:auto}
            table{border-collapse:collapse;width:100%;font-size:.92rem}caption{text-align:left;color:var(--faint);padding:.2rem 0}
            th,td{text-align:left;vertical-align:top;padding:.35rem .7rem;border-bottom:1px solid var(--line)}th{font-weight:600}
            td:first-child{overflow-wrap:anywhere;min-width:15rem}.refuses{color:var(--red)}.edge.refuses{color:inherit}
            summary{cursor:pointer;font-weight:600;margin:.6rem 0}li{margin:.25rem 0}
            @media print{body{max-width:none}.scroll,.picture .scroll{overflow:visible;max-height:none}.zoom,nav{display:none}}
            """;
    private static final List<Verdict> OPEN =
            List.of(Verdict.REFUSES, Verdict.DEPENDS_ON_DATA, Verdict.ORDER_DEPENDENT, Verdict.TAKES_OTHERS_ROWS);
    /** As many rows as somebody reads; the rest is folded. */
    private static final int MOST_ROWS = 20;
    /** More boxes than that no page shows. */
    private static final int MOST_DRAWN = 250;

    private static final Map<String, String> ZOOMS = new LinkedHashMap<>();
    private static final Map<String, String> LEGEND = new LinkedHashMap<>();

    static {
        ZOOMS.put("fit", "all of it");
        ZOOMS.put("half", "half");
        ZOOMS.put("once", "as drawn");
        ZOOMS.put("twice", "twice");
        LEGEND.put("changed", "deletes, converted by the migration");
        LEGEND.put("deletes", "deletes already");
        LEGEND.put("keeps", "keeps the row, or checks and never refuses");
        LEGEND.put("takes", "takes rows of others along");
        LEGEND.put("refuses", "refuses the delete, or can");
    }

    private final AuditReport report;
    private final Set<ForeignKey> converted = new HashSet<>();
    private final StringBuilder html = new StringBuilder();

    HtmlReport(AuditReport report) {
        this.report = report;
        report.plan().conversions().forEach(conversion -> converted.add(conversion.foreignKey()));
    }

    String write() {
        String parents = String.join(
                ", ", report.plan().parents().stream().map(Object::toString).toList());
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append(
                        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>What DELETE FROM ")
                .append(escape(parents))
                .append(" does</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<main>\n");
        element("h1", "What DELETE FROM " + parents + " does");
        paragraph("faint", report.server() + ". Audit by flyway-cascade-cleanup.");
        cards();
        contents();
        open();
        advice();
        notSeen();
        problems();
        for (int i = 0; i < report.afterPlan().size(); i++) {
            graphs(i);
        }
        conversions();
        findings();
        report.afterPlan().forEach(this::tables);
        return html.append("</main>\n</body>\n</html>\n").toString();
    }

    private void cards() {
        html.append("<div class=\"cards\">\n");
        report.today().forEach(delete -> card("Today", delete));
        String migration = converted.isEmpty()
                ? "After the migration, which has nothing left to convert"
                : "After the migration, which converts " + count(converted.size(), "foreign key");
        report.afterPlan().forEach(delete -> card(migration, delete));
        html.append("</div>\n");
    }

    private void card(String when, DeleteReport delete) {
        int refusing = delete.links(Verdict.REFUSES).size();
        int sometimes = delete.links(Verdict.DEPENDS_ON_DATA).size()
                + delete.links(Verdict.ORDER_DEPENDENT).size();
        int taking = delete.links(Verdict.TAKES_OTHERS_ROWS).size();
        List<String> facts = new ArrayList<>();
        if (refusing > 0) {
            facts.add("refused by " + count(refusing, "foreign key"));
        }
        if (sometimes > 0) {
            facts.add(
                    (refusing > 0
                            ? "for some rows by " + sometimes + " more"
                            : "refused for some rows by " + count(sometimes, "foreign key")));
        }
        if (taking > 0) {
            facts.add("takes others' rows over " + count(taking, "foreign key"));
        }
        if (!report.plan().notSeen().isEmpty()) {
            facts.add((facts.isEmpty() ? "nothing that was seen refuses it; " : "")
                    + count(report.plan().notSeen().size(), "thing") + " not seen");
        }
        html.append("<section class=\"card ")
                .append(refusing > 0 ? "no" : facts.isEmpty() ? "yes" : "maybe")
                .append("\">")
                .append(escape(when))
                .append(": <b>")
                .append(escape(facts.isEmpty() ? "goes through" : String.join(", ", facts)))
                .append("</b>");
        paragraph(
                "faint",
                "DELETE FROM " + delete.parent() + " reaches "
                        + count(delete.tables().size(), "table"));
        html.append("</section>\n");
    }

    private void contents() {
        html.append("<nav>");
        if (!openLines().isEmpty()) {
            link("open", "To be decided");
        }
        for (int i = 0; i < report.afterPlan().size(); i++) {
            link("graph-" + i, "The graph from " + report.afterPlan().get(i).parent());
        }
        if (!converted.isEmpty()) {
            link("conversions", "What is converted");
        }
        link("findings", "Findings");
        link("tables", "Tables");
        html.append("</nav>\n");
    }

    private void link(String id, String words) {
        html.append("<a href=\"#")
                .append(id)
                .append("\">")
                .append(escape(words))
                .append("</a> ");
    }

    private void graphs(int i) {
        DeleteReport after = report.afterPlan().get(i);
        GraphFolding folding = new GraphFolding(after, converted);
        GraphPicture picture = folding.isLarge() ? folding.folded() : folding.whole();
        heading("graph-" + i, "The graph from " + after.parent());
        legend(picture);
        String what = "the tables that a delete on " + after.parent()
                + " reaches, the nearest first, and the foreign keys between them";
        if (picture.folded() > 0) {
            paragraph(
                    "faint",
                    "Drawn is " + picture.shows() + ", and the ways there. "
                            + count(picture.folded(), "table")
                            + " that go along, or hang on like their neighbours, are folded: point at a box to see"
                            + " them.");
        }
        figure(picture, "after-" + i, "After the migration: " + what);
        GraphFolding today = new GraphFolding(report.today().get(i), converted);
        html.append("<details><summary>The same today</summary>\n");
        figure(today.isLarge() ? today.folded() : today.whole(), "today-" + i, "Today: " + what);
        html.append("</details>\n");
        if (picture.folded() > 0) {
            whole(i, after, what);
        }
    }

    private void whole(int i, DeleteReport after, String what) {
        GraphFolding all = new GraphFolding(after, converted);
        if (all.tables() > MOST_DRAWN) {
            paragraph(
                    "faint",
                    "All " + all.tables() + " tables are too many for a page: cascade-cleanup audit --format dot"
                            + " writes them for Graphviz.");
            return;
        }
        html.append("<details><summary>All ")
                .append(count(all.tables(), "table"))
                .append("</summary>\n");
        figure(all.whole(), "all-" + i, "After the migration, all of it: " + what);
        html.append("</details>\n");
    }

    /** With a choice of sizes, which needs no script. */
    private void figure(GraphPicture picture, String id, String title) {
        html.append("<div class=\"picture\"><div class=\"zoom\" role=\"radiogroup\" aria-label=\"Size\">");
        ZOOMS.forEach((style, words) -> html.append("<label><input type=\"radio\" name=\"zoom-")
                .append(id)
                .append("\" class=\"")
                .append(style)
                .append('"')
                .append(style.equals("once") ? " checked=\"checked\"" : "")
                .append("/> ")
                .append(words)
                .append("</label>"));
        html.append("</div>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(escape(title))
                .append("\">\n")
                .append(new GraphDrawing(picture, id).svg(title))
                .append("</div></div>\n");
    }

    private void legend(GraphPicture picture) {
        html.append("<ul class=\"legend\">");
        LEGEND.forEach((kind, words) -> {
            if (picture.edges().stream().anyMatch(edge -> edge.kind().equals(kind))) {
                html.append("<li>")
                        .append(GraphDrawing.sample(kind))
                        .append(words)
                        .append("</li>");
            }
        });
        html.append("</ul>\n");
    }

    private List<LinkLine> openLines() {
        List<LinkLine> lines = new ArrayList<>();
        report.afterPlan().forEach(delete -> OPEN.forEach(verdict -> lines.addAll(delete.links(verdict))));
        return lines;
    }

    private void open() {
        List<LinkLine> lines = openLines();
        if (lines.isEmpty()) {
            return;
        }
        heading("open", "To be decided: what would still refuse the delete, or take rows of others: " + lines.size());
        rows(lines.subList(0, Math.min(MOST_ROWS, lines.size())));
        if (lines.size() > MOST_ROWS) {
            html.append("<details><summary>").append(lines.size() - MOST_ROWS).append(" more</summary>\n");
            rows(lines.subList(MOST_ROWS, lines.size()));
            html.append("</details>\n");
        }
    }

    private void rows(List<LinkLine> lines) {
        html.append(
                "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Foreign keys\"><table><thead><tr><th scope=\"col\">Foreign"
                        + " key</th><th scope=\"col\">Verdict</th><th scope=\"col\">Why</th><th scope=\"col\">Rows today</th></tr></thead>"
                        + "<tbody>\n");
        for (LinkLine line : lines) {
            html.append("<tr><td><code>")
                    .append(escape(line.link().foreignKey() + " ON DELETE "
                            + line.link().definition().describeOnDelete()))
                    .append("</code></td><td")
                    .append(line.link().verdict() == Verdict.REFUSES ? " class=\"refuses\">" : ">")
                    .append(escape(line.link().verdict().toString()))
                    .append("</td><td>")
                    .append(escape(line.link().reason()))
                    .append("</td><td>");
            if (line.refusing() != null) {
                html.append(
                                line.refusing().rows() == null
                                        ? escape(line.refusing().note())
                                        : line.refusing().rows().toString())
                        .append("<details><summary>query</summary><code>")
                        .append(escape(line.refusing().query()))
                        .append("</code></details>");
            }
            html.append("</td></tr>\n");
        }
        html.append("</tbody></table></div>\n");
    }

    private void advice() {
        List<Proposal> proposals = report.plan().advice().proposals();
        if (!proposals.isEmpty()) {
            element("h3", "A decision for each");
            fold(proposals.size(), "all " + proposals.size() + " of them", () -> proposals(proposals));
        }
        List<String> advice = report.plan().advice().lines();
        if (!advice.isEmpty()) {
            element("h3", "The same to paste");
            element("pre", String.join("\n", advice));
        }
    }

    private void proposals(List<Proposal> proposals) {
        html.append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Decisions\"><table><tbody>\n");
        for (Proposal proposal : proposals) {
            html.append("<tr><td><code>")
                    .append(escape(proposal.option() + " = " + proposal.entry()))
                    .append("</code></td><td>")
                    .append(escape(proposal.reason()))
                    .append("</td></tr>\n");
        }
        html.append("</tbody></table></div>\n");
    }

    /** What has a part in the answer and could not be looked at. */
    private void notSeen() {
        if (!report.plan().notSeen().isEmpty()) {
            heading("not-seen", "Not seen: " + report.plan().notSeen().size());
            list(report.plan().notSeen().stream().map(Object::toString).toList());
        }
    }

    private void problems() {
        if (!report.plan().problems().isEmpty()) {
            element("h2", "The migration would be refused");
            list(report.plan().problems().stream().map(Object::toString).toList());
        }
    }

    private void conversions() {
        if (converted.isEmpty()) {
            return;
        }
        heading("conversions", "What the migration converts, in this order: " + converted.size());
        fold(converted.size(), "all of them", () -> {
            html.append("<ol>\n");
            for (Conversion conversion : report.plan().conversions()) {
                html.append("<li><code>").append(escape(conversion.toString())).append("</code></li>\n");
            }
            html.append("</ol>\n");
        });
        if (!report.plan().kept().isEmpty()) {
            element("h3", "Kept: " + report.plan().kept().size());
            fold(
                    report.plan().kept().size(),
                    "all of them",
                    () -> list(report.plan().kept().stream()
                            .map(kept -> kept.foreignKey() + " ON DELETE "
                                    + kept.foreignKey().definition().describeOnDelete() + " (" + kept.reason() + ")")
                            .toList()));
        }
    }

    /** A long list is there for whoever wants it. */
    private void fold(int size, String summary, Runnable content) {
        if (size > MOST_ROWS) {
            html.append("<details><summary>").append(escape(summary)).append("</summary>\n");
        }
        content.run();
        if (size > MOST_ROWS) {
            html.append("</details>\n");
        }
    }

    private void findings() {
        Map<Finding.Kind, List<Finding>> byKind = new LinkedHashMap<>();
        report.findings()
                .forEach(finding -> byKind.computeIfAbsent(finding.kind(), kind -> new ArrayList<>())
                        .add(finding));
        heading("findings", "Findings: " + report.findings().size());
        byKind.forEach((kind, findings) -> {
            String words = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            html.append("<details")
                    .append(findings.size() <= 3 ? " open" : "")
                    .append("><summary>")
                    .append(escape(words))
                    .append(" (")
                    .append(findings.size())
                    .append(")</summary>\n");
            list(findings.stream().map(Object::toString).toList());
            html.append("</details>\n");
        });
    }

    private void tables(DeleteReport delete) {
        heading(
                delete == report.afterPlan().get(0) ? "tables" : "",
                "Tables that a delete on " + delete.parent() + " reaches after the migration: "
                        + delete.tables().size());
        fold(delete.tables().size(), "all of them", () -> reached(delete));
    }

    private void reached(DeleteReport delete) {
        html.append(
                "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Tables\"><table><thead><tr><th scope=\"col\">Table</th>"
                        + "<th scope=\"col\">By</th><th scope=\"col\">Rows</th></tr></thead><tbody>\n");
        for (ReachedLine line : delete.tables()) {
            html.append("<tr><td>")
                    .append(escape(line.reached().table().toString()))
                    .append("</td><td><code>")
                    .append(escape(String.join(" > ", line.way())))
                    .append("</code></td><td>")
                    .append(line.way().isEmpty() || line.reached().guaranteed() ? "" : "not every row")
                    .append("</td></tr>\n");
        }
        html.append("</tbody></table></div>\n");
    }

    private void list(List<String> items) {
        html.append("<ul>\n");
        items.forEach(item -> element("li", item));
        html.append("</ul>\n");
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

    private void heading(String id, String text) {
        html.append(id.isEmpty() ? "<h2>" : "<h2 id=\"" + id + "\">")
                .append(escape(text))
                .append("</h2>\n");
    }

    private void paragraph(String style, String text) {
        html.append("<p class=\"")
                .append(style)
                .append("\">")
                .append(escape(text))
                .append("</p>\n");
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private static String escape(String text) {
        return HtmlText.escape(text);
    }
}
