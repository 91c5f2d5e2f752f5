package dev.cascadecleanup.internal.audit;

import dev.cascadecleanup.audit.RowCount;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Reach;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How many rows there are today over which each link refuses, or takes what is somebody else's: for plan, log, verify, audit and prove. */
public final class LinkCounts {

    private final RowCounter counter;
    private final Map<Link, RefusingRows.Query> queries = new IdentityHashMap<>();
    private final List<String> asked = new ArrayList<>();

    LinkCounts(RowCounter counter) {
        this.counter = counter;
    }

    /** Those of all links of a reach, over a connection outside a transaction, in as much time as is needed. */
    public static LinkCounts of(Connection connection, Product product, Reach reach, Duration timeout)
            throws SQLException {
        LinkCounts counts =
                new LinkCounts(new RowCounter(connection, product, reach.links().size(), timeout));
        counts.ask(reach, reach.links());
        counts.count();
        return counts;
    }

    /** Asks for those of some links of a reach, in this order as long as the counter counts. */
    void ask(Reach reach, List<Link> links) {
        RefusingRows rows = new RefusingRows(reach);
        for (Link link : links) {
            rows.query(link).ifPresent(query -> {
                queries.put(link, query);
                asked.add(query.sql());
            });
        }
    }

    /** Counts what was asked for. */
    void count() throws SQLException {
        counter.count(asked);
        asked.clear();
    }

    /**
     * Empty where there is nothing to count, or it cannot be asked in one statement. Where rows hang on more ways than the statement
     * follows, what it finds is no count of them.
     */
    public Optional<RowCount> of(Link link) {
        return Optional.ofNullable(queries.get(link)).map(query -> {
            RowCount count = counter.of(query.sql());
            Long rows = count.rows();
            if (rows == null || (rows == 0 ? query.every() : query.only())) {
                return count;
            }
            return new RowCount(
                    query.sql(),
                    null,
                    rows == 0
                            ? "not counted: the query finds none, and there are more ways to such a row than it follows"
                            : "not counted: the query finds " + rows
                                    + ", and there are more ways on which these may go too than it follows");
        });
    }
}
