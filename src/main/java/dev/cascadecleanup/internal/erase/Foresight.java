package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.preview.PlainSchema;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one DELETE of a person would do. */
public interface Foresight {

    /** @param key the key of the person, as it was given */
    Outlook look(String key) throws SQLException;

    /** After a look: the schema, if anybody's DELETE succeeds in it. */
    default @Nullable PlainSchema plain() {
        return null;
    }

    /**
     * The answer.
     *
     * @param verdict whether to go on
     * @param reasons why not, a line each
     * @param rows how many rows it would delete
     * @param rowsOf the same by table, or null if nobody has counted them
     */
    record Outlook(
            Verdict verdict,
            List<String> reasons,
            long rows,
            @Nullable Map<TableName, Long> rowsOf) {

        public Outlook {
            reasons = List.copyOf(reasons);
        }
    }

    /** What the answer comes to. */
    enum Verdict {
        /** The DELETE succeeds, and takes nothing that nobody has agreed to. */
        SUCCEEDS,
        /** Only the DELETE itself can tell: it has to be all or nothing. */
        OPEN,
        /** It is refused, takes others' rows or leaves rows behind. */
        NO,
        /** Something is out of sight. */
        NOT_SEEN
    }
}
