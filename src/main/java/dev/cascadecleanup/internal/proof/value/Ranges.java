package dev.cascadecleanup.internal.proof.value;

import java.time.LocalDate;

/** Ranges that do not overlap from number to number, so that an exclusion constraint lets both users in. */
final class Ranges {

    private static final LocalDate FIRST = LocalDate.of(2200, 1, 1);
    private static final int MOST = 300_000;

    private Ranges() {}

    static String of(SqlType subtype, long n) {
        long start = Math.floorMod(n, MOST) * 2L;
        if (subtype.plain() instanceof SqlType.Scalar scalar) {
            String day = FIRST.plusDays(start).toString();
            switch (scalar.name()) {
                case "date":
                    return '[' + day + ',' + FIRST.plusDays(start + 1) + ')';
                case "timestamp":
                    return "[\"" + day + " 12:00:00\",\"" + day + " 13:00:00\")";
                case "timestamptz":
                    return "[\"" + day + " 12:00:00+00\",\"" + day + " 13:00:00+00\")";
                case "int2", "int4", "int8", "numeric", "float4", "float8":
                    return "[" + start + ',' + (start + 1) + ')';
                default:
                    break;
            }
        }
        return "(,)";
    }
}
