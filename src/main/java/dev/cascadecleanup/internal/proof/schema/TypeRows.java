package dev.cascadecleanup.internal.proof.schema;

import dev.cascadecleanup.internal.proof.check.CheckConstraint;
import dev.cascadecleanup.internal.proof.value.SqlType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Puts types together from the rows of the catalog that describe them. */
final class TypeRows {

    /** Types can contain each other without end only through arrays; this is deeper than anyone goes. */
    private static final int DEEPEST = 16;

    /** A field of a composite type. */
    record Field(long type, int modifier, String sql) {}

    /** What a range is a range of. */
    record RangeOf(long subtype, boolean multiple) {}

    final Map<Long, TypeRow> types = new HashMap<>();
    final Map<Long, List<String>> labels = new HashMap<>();
    final Map<Long, RangeOf> ranges = new HashMap<>();
    final Map<Long, List<Field>> fields = new HashMap<>();
    final Map<Long, List<CheckConstraint>> domainChecks = new HashMap<>();

    SqlType type(long oid, int modifier, String sql) {
        return type(oid, modifier, sql, 0);
    }

    /** Whether the type is a domain that refuses NULL, at whatever depth. */
    boolean isNotNull(long oid) {
        TypeRow row = types.get(oid);
        return row != null && (row.notNull() || (row.base() != 0 && isNotNull(row.base())));
    }

    private SqlType type(long oid, int modifier, String sql, int depth) {
        TypeRow row = types.get(oid);
        if (row == null || depth > DEEPEST) {
            return new SqlType.Scalar(sql, "unknown", modifier);
        }
        if (labels.containsKey(oid)) {
            return new SqlType.Enumeration(sql, labels.get(oid));
        }
        if (ranges.containsKey(oid)) {
            RangeOf range = ranges.get(oid);
            return new SqlType.Range(
                    sql, type(range.subtype(), -1, sqlOf(range.subtype()), depth + 1), range.multiple());
        }
        if (row.array()) {
            return new SqlType.Array(sql, type(row.element(), modifier, elementSql(sql, row), depth + 1));
        }
        if (row.base() != 0) {
            return new SqlType.Domain(
                    sql,
                    type(row.base(), row.baseModifier(), Objects.requireNonNull(row.baseSql()), depth + 1),
                    row.notNull(),
                    domainChecks.getOrDefault(oid, List.of()));
        }
        if (row.kind().equals("c") && fields.containsKey(row.relation())) {
            List<SqlType> fieldTypes = new ArrayList<>();
            for (Field field : fields.get(row.relation())) {
                fieldTypes.add(type(field.type(), field.modifier(), field.sql(), depth + 1));
            }
            return new SqlType.Composite(sql, fieldTypes);
        }
        return new SqlType.Scalar(sql, row.name(), modifier);
    }

    private String sqlOf(long oid) {
        TypeRow row = types.get(oid);
        return row == null ? "" : row.sql();
    }

    private String elementSql(String arraySql, TypeRow array) {
        return arraySql.endsWith("[]") ? arraySql.substring(0, arraySql.length() - 2) : sqlOf(array.element());
    }
}
