package dev.cascadecleanup.audit;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.plan.Verdict;
import java.util.List;

/**
 * What the delete of a row of one parent does.
 *
 * @param parent the parent table
 * @param tables the tables that it deletes rows from, nearest first
 * @param links the foreign keys on them, by table and name
 */
public record DeleteReport(Table parent, List<ReachedLine> tables, List<LinkLine> links) {

    public DeleteReport {
        tables = List.copyOf(tables);
        links = List.copyOf(links);
    }

    /** The foreign keys with this verdict. */
    public List<LinkLine> links(Verdict verdict) {
        return links.stream().filter(line -> line.link().verdict() == verdict).toList();
    }
}
