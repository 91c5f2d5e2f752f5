package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.erase.EraseReceipt;
import dev.cascadecleanup.internal.preview.PlainSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What erasures of the same options on the same data source need not find out anew: how the parent was found the last time. Nothing is
 * done on the strength of it that the server has not compared with its catalog.
 */
public final class EraseMemory {

    private final AtomicReference<@Nullable PlainParent> parent = new AtomicReference<>();

    private final AtomicReference<@Nullable PlainSchema> schema = new AtomicReference<>();

    /** Of nothing. */
    public EraseMemory() {}

    /** @param found the parent as it is now, or null if it is none of which one statement can erase a person */
    void remember(@Nullable PlainParent found) {
        parent.set(found);
    }

    /**
     * After a DELETE that was committed to disk, and with it what was seen before.
     *
     * @param found a schema in which anybody's DELETE succeeds, or null if it is none
     */
    void rememberSchema(@Nullable PlainSchema found) {
        schema.set(found);
    }

    /** How to look everything up. */
    @FunctionalInterface
    public interface Otherwise {
        EraseRun open() throws SQLException;
    }

    /**
     * Erases one person: on PostgreSQL in a single round trip if it can be, behind two for a preview.
     *
     * @param connection a connection outside of a transaction, with autocommit on
     * @param text the key, as a preview understands it
     * @param otherwise goes on where that was not all
     */
    public EraseReceipt erase(Connection connection, String text, EraseOptions options, Otherwise otherwise)
            throws SQLException {
        PlainParent known = parent.get();
        if (known == null || text == null || !PlainParent.isValue(text)) {
            return otherwise.open().erase(text, DeleteAtOnce.Attempt.NONE, this);
        }
        DeleteAtOnce delete = new DeleteAtOnce(connection, known, options);
        if (options.preview() && !isLight(connection, known, text, options)) {
            return otherwise.open().erase(text, DeleteAtOnce.Attempt.NONE, this);
        }
        DeleteAtOnce.Attempt tried = delete.of(text);
        EraseReceipt receipt = tried.receipt();
        return receipt == null ? otherwise.open().erase(text, tried, this) : receipt;
    }

    private boolean isLight(Connection connection, PlainParent of, String text, EraseOptions options)
            throws SQLException {
        PlainSchema known = schema.get();
        if (known == null) {
            return false;
        }
        LookAtOnce.View view = new LookAtOnce(connection, of, known, options).of(text);
        if (!view.same()) {
            schema.compareAndSet(known, null);
        }
        return view.light();
    }
}
