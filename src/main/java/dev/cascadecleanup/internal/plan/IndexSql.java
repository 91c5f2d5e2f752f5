package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements that build, attach and drop an index. */
public final class IndexSql {

    /** How an index comes into being. */
    public enum Way {
        /** PostgreSQL: reads and writes go on; not inside a transaction (manual, CREATE INDEX). */
        CONCURRENTLY("INDEX CONCURRENTLY", ""),
        /** PostgreSQL: writers wait. CockroachDB: the only way, online. */
        PLAIN("INDEX", ""),
        /** PostgreSQL: of a partitioned table, without its partitions; changes the catalog only. */
        ON_ONLY("INDEX", "ONLY ");

        private final String words;
        private final String only;

        Way(String words, String only) {
            this.words = words;
            this.only = only;
        }
    }

    private IndexSql() {}

    public static String create(Way way, TableName table, String index, List<String> keys, @Nullable String condition) {
        return "CREATE " + way.words + ' ' + Identifiers.quote(index) + " ON " + way.only + table.quoted() + " ("
                + String.join(", ", keys) + ')' + (condition == null ? "" : " WHERE " + condition);
    }

    public static String attach(TableName parentIndex, TableName index) {
        return "ALTER INDEX " + parentIndex.quoted() + " ATTACH PARTITION " + index.quoted();
    }

    public static String drop(Way way, TableName index) {
        return "DROP " + way.words + ' ' + index.quoted();
    }

    /** CockroachDB, where names of indexes are unique in their table only. */
    public static String dropOf(TableName table, String index) {
        return "DROP INDEX " + table.quoted() + '@' + Identifiers.quote(index);
    }
}
