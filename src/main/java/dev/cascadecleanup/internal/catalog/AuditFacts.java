package dev.cascadecleanup.internal.catalog;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an audit wants to know beyond the foreign keys. The migration does without, so that its own reading stays cheap.
 *
 * @param columns the columns of all tables
 * @param checks the CHECK constraints
 * @param interceptors triggers and rules that take part in a delete or update
 * @param rowSecurity tables with row-level security, by OID; true if it is forced on the owner too
 * @param bytes the size of each table without its indexes, by OID; empty on CockroachDB, which does not tell
 * @param filledInheritanceChildren tables with rows that are inheritance children (and no partitions) of another, by OID
 */
public record AuditFacts(
        List<Column> columns,
        List<Check> checks,
        List<Interceptor> interceptors,
        Map<Long, Boolean> rowSecurity,
        Map<Long, Long> bytes,
        Set<Long> filledInheritanceChildren) {

    /**
     * A column.
     *
     * @param tableOid its table
     * @param name its name
     * @param type the type's name; of the elements, if it is an array
     * @param array whether it is an array
     */
    public record Column(long tableOid, String name, String type, boolean array) {}

    /**
     * A CHECK constraint.
     *
     * @param tableOid its table
     * @param name its name
     * @param columns the columns that it is about
     * @param expression the condition
     */
    public record Check(long tableOid, String name, List<String> columns, String expression) {

        public Check {
            columns = List.copyOf(columns);
        }
    }

    /**
     * A trigger or a rule.
     *
     * @param tableOid its table
     * @param name its name
     * @param description what it is and when it fires, {@code trigger BEFORE DELETE FOR EACH ROW, function f} say
     */
    public record Interceptor(long tableOid, String name, String description) {}

    public AuditFacts {
        columns = List.copyOf(columns);
        checks = List.copyOf(checks);
        interceptors = List.copyOf(interceptors);
        rowSecurity = Map.copyOf(rowSecurity);
        bytes = Map.copyOf(bytes);
        filledInheritanceChildren = Set.copyOf(filledInheritanceChildren);
    }
}
