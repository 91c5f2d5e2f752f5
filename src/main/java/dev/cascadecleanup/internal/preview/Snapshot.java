package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Product;
import java.sql.Connection;
import java.util.Map;

/**
 * The ground with what belongs to one snapshot of the rows.
 *
 * @param ground what does not
 * @param sizes how large tables are, by OID
 * @param reader reads rows
 * @param rules what the definitions say, with the rows that defaults reference
 * @param owners whose rows are whose
 */
record Snapshot(Ground ground, Map<Long, TableSize> sizes, RowReader reader, Rules rules, Owners owners) {

    /** @param connection in a transaction in one snapshot */
    static Snapshot of(Ground ground, Connection connection, Product product, Map<Long, TableSize> sizes) {
        return of(ground, new RowReader(connection, product, ground.shapes()), sizes);
    }

    /** With rows from elsewhere. */
    static Snapshot of(Ground ground, RowReader reader, Map<Long, TableSize> sizes) {
        Rules rules = new Rules(
                ground.model(),
                ground.sources(),
                ground.shapes(),
                ground.hidden().keySet());
        return new Snapshot(ground, sizes, reader, rules, Owners.of(ground.model(), rules, ground.reach()));
    }
}
