package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.internal.jdbc.Flight;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.SqlStatement;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.preview.PlainSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

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

    /**
     * Looks.
     *
     * @param text the key, a value of the primary key's type if it is one at all
     * @throws SQLException that says who holds a lock for which it has waited in vain
     */
    View of(String text) throws SQLException {
        ParentKey.Column key = parent.key().columns().get(0);
        SqlStatement mine = SqlStatement.of(
                "SELECT 1 FROM " + parent.key().table().name().quoted() + " r WHERE " + DeleteAtOnce.mine(parent.key())
                        + " LIMIT 1",
                text,
                text);
        try {
            // Apart, and first: a session that asks for the first time takes longer to plan the look than to hear who
            // is at it.
            if (!PostgresTransaction.askAtOnce(connection, flight -> isMine(flight, mine, text))) {
                return new View(true, false);
            }
            Optional<PlainSchema.Answer> answer = PostgresTransaction.snapshotAtOnce(
                    connection,
                    flight -> schema.ask(
                            flight, mine, key.name(), "CAST(? AS " + key.type() + ")", text, options.drainAbove()));
            return answer.map(found -> new View(found.same(), found.same() && found.rows() + 1 < options.drainAbove()))
                    .orElse(new View(true, false));
        } catch (SQLException e) {
            if (SqlStates.is(e, SqlStates.LOCK_NOT_AVAILABLE)) {
                throw e;
            }
            // A key that is none, or a table that is not there any more: the next one says what is the matter.
            return new View(true, false);
        }
    }

    private static Supplier<Boolean> isMine(Flight flight, SqlStatement mine, String text) {
        Supplier<List<Boolean>> rows = flight.query(mine.sql(), row -> true, text, text);
        return () -> !rows.get().isEmpty();
    }
}
