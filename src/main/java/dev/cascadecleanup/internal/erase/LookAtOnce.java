package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStatement;
import dev.cascadecleanup.internal.preview.PlainSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The look ahead on PostgreSQL in two round trips, where a schema is known in which anybody's DELETE succeeds: whether it still is, and
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
        SqlStatement mine = SqlStatement.of(
                "SELECT 1 FROM " + parent.key().table().name().quoted() + " r WHERE " + DeleteAtOnce.mine(parent.key())
                        + " LIMIT 1",
                text,
                text);
        try {
            // Apart, and first: a session that asks for the first time takes longer to plan the look than to hear that
            // somebody
            // is at it.
            if (Sql.queryFirst(connection, mine.sql(), row -> true, text, text).isEmpty()) {
                return new View(true, false);
            }
            Optional<PlainSchema.Answer> answer = PostgresTransaction.snapshotAtOnce(
                    connection,
                    flight -> schema.ask(
                            flight, mine, key.name(), "CAST(? AS " + key.type() + ")", text, options.drainAbove()));
            return answer.map(found -> new View(found.same(), found.same() && found.rows() + 1 < options.drainAbove()))
                    .orElse(new View(true, false));
        } catch (SQLException e) {
            // A key that is none, or a table that is not there any more: the next one says what is the matter.
            return new View(true, false);
        }
    }
}
