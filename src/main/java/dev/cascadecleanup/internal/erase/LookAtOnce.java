package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.preview.PlainSchema;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The look ahead on PostgreSQL in one round trip, where a schema is known in which anybody's DELETE succeeds: whether it still is, and
 * whether the person is a light one. It takes the lock on the person for as long as it looks, so that nothing is counted of somebody who
 * is being erased.
 */
final class LookAtOnce {

    private final Connection connection;
    private final PlainParent parent;
    private final PlainSchema schema;
    private final EraseOptions options;

    LookAtOnce(Connection connection, PlainParent parent, PlainSchema schema, EraseOptions options) {
        this.connection = connection;
        this.parent = parent;
        this.schema = schema;
        this.options = options;
    }

    /**
     * How it went.
     *
     * @param same whether the schema is what it was, as far as was looked
     * @param light whether the one DELETE will do; otherwise whoever takes more time finds out why not
     */
    record View(boolean same, boolean light) {}

    /** @param text the key, a value of the primary key's type if it is one at all */
    View of(String text) {
        ParentKey.Column key = parent.key().columns().get(0);
        try {
            PlainSchema.Answer found = PostgresTransaction.snapshotAtOnce(connection, flight -> {
                // An error if it is not so, so that the server does not even plan what comes behind it: a session that
                // asks for the first time takes longer for that than to hear that somebody is at it.
                flight.query(
                        "SELECT CAST(CASE WHEN EXISTS (SELECT FROM "
                                + parent.key().table().name().quoted() + " r WHERE " + DeleteAtOnce.mine(parent.key())
                                + ") THEN '1' ELSE 'no such row, or somebody else is erasing it' END AS pg_catalog.int4)",
                        row -> true,
                        text,
                        text);
                return schema.ask(flight, key.name(), "CAST(? AS " + key.type() + ")", text, options.drainAbove());
            });
            return new View(found.same(), found.same() && found.rows() + 1 < options.drainAbove());
        } catch (SQLException e) {
            // Somebody else, a key that is none, a table that is not there any more: the next one says what is the
            // matter.
            return new View(true, false);
        }
    }
}
