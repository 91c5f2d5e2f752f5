package dev.cascadecleanup.internal.proof.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Values of the types that have an input syntax of their own (PostgreSQL manual, chapter 8). The first is the one to use; the
 * others are there for conditions that the first does not meet.
 */
final class ScalarValues {

    private static final int VARLENA_HEADER = 4;
    private static final int SCALE_BITS = 16;
    private static final int SCALE_MASK = 0x7ff;
    private static final LocalDate EARLY = LocalDate.of(2001, 1, 1);
    private static final int DAYS = 9000;

    private ScalarValues() {}

    /**
     * Values of the type.
     *
     * @param n another number gives other values, as far as the type has them
     * @param distinct whether the first value has to depend on {@code n}; ordinary values are kinder to functions over them
     */
    static List<String> of(SqlType.Scalar type, long n, boolean distinct) {
        return switch (type.name()) {
            case "bool" -> n % 2 == 0 ? List.of("true", "false") : List.of("false", "true");
            case "int2" -> numbers(n, 20_000, 12_000, distinct);
            case "int4", "oid", "xid", "cid" -> numbers(n, 1_500_000_000, 500_000_000, distinct);
            case "int8", "xid8", "float8" -> numbers(n, 4_000_000_000_000_000L, 1_000_000_000_000L, distinct);
            case "float4" -> numbers(n, 1_000_000, 1_000_000, distinct);
            case "money" -> numbers(n, 100_000, 1_000_000, distinct);
            case "numeric" -> numerics(type.modifier(), n, distinct);
            case "text", "varchar", "bpchar", "name", "citext", "char", "refcursor" -> texts(type, n);
            case "bytea" -> List.of("\\x" + "%016x".formatted(n), "\\x");
            case "uuid" ->
                List.of(new UUID(
                                (n * 0x9E3779B97F4A7C15L & 0xffff_ffff_ffff_0fffL) | 0x4000L,
                                (n * 0xC2B2AE3D27D4EB4FL & 0x3fff_ffff_ffff_ffffL) | Long.MIN_VALUE)
                        .toString());
            case "json", "jsonb" ->
                distinct
                        ? List.of("{\"proof\": " + n + "}")
                        : List.of("{}", "[]", "{\"proof\": " + n + "}", "[1]", "\"proof\"", "1", "true");
            case "date" -> dates(n, distinct, "");
            case "timestamp" -> dates(n, distinct, " 12:00:00");
            case "timestamptz" -> dates(n, distinct, " 12:00:00+00");
            case "time" -> times(n, distinct, "");
            case "timetz" -> times(n, distinct, "+00");
            case "interval" ->
                distinct ? List.of(Math.floorMod(n, DAYS) + 1 + " days") : List.of("1 day", "1 hour", "1 year", "0");
            case "bit" -> bits(n, Math.max(type.modifier(), 1), true);
            case "varbit" -> bits(n, type.modifier() < 0 ? Long.SIZE : type.modifier(), false);
            default -> others(type, n);
        };
    }

    private static List<String> others(SqlType.Scalar type, long n) {
        long byteOfN = Math.floorMod(n, 200) + 1L;
        long secondByte = Math.floorMod(n / 200, 250);
        return switch (type.name()) {
            case "inet" -> List.of("10.77." + secondByte + '.' + byteOfN);
            case "cidr" -> List.of("10." + byteOfN + '.' + secondByte + ".0/24");
            case "macaddr" -> List.of("02:00:00:00:%02x:%02x".formatted(secondByte, byteOfN));
            case "macaddr8" -> List.of("02:00:00:ff:fe:00:%02x:%02x".formatted(secondByte, byteOfN));
            case "point" -> List.of("(" + n % 1000 + ",1)");
            case "line" -> List.of("{1,-1,0}");
            case "lseg" -> List.of("[(0,0),(1,1)]");
            case "box" -> List.of("(%1$d.5,1),(%1$d,0)".formatted(n % 100_000));
            case "path", "polygon" -> List.of("((0,0),(1,0),(1,1))");
            case "circle" -> List.of("<(" + 10 * (n % 100_000) + ",0),1>");
            case "tsvector" -> List.of("proof:1");
            case "tsquery", "ltxtquery" -> List.of("proof");
            case "xml" -> List.of("<proof/>");
            case "jsonpath" -> List.of("$.proof");
            case "pg_lsn" -> List.of("0/" + Long.toHexString(n % 1_000_000));
            case "tid" -> List.of("(0,1)");
            case "txid_snapshot", "pg_snapshot" -> List.of("10:20:");
            case "regclass" -> List.of("pg_catalog.pg_class");
            case "regtype" -> List.of("pg_catalog.int4");
            case "regproc" -> List.of("pg_catalog.now");
            case "regprocedure" -> List.of("pg_catalog.now()");
            case "regoperator" -> List.of("pg_catalog.+(integer,integer)");
            case "regoper" -> List.of("0");
            case "regnamespace" -> List.of("pg_catalog");
            case "regrole" -> List.of("pg_monitor");
            case "regconfig", "regdictionary" -> List.of("simple");
            case "regcollation" -> List.of("\"C\"");
            case "int2vector", "oidvector" -> List.of("1 2");
            case "aclitem" -> List.of("=r/pg_monitor");
            default -> ofExtension(type, n);
        };
    }

    /** Types of well-known extensions, then a guess. */
    private static List<String> ofExtension(SqlType.Scalar type, long n) {
        return switch (type.name()) {
            case "hstore" -> List.of("proof=>" + n);
            case "ltree" -> List.of("proof" + n);
            case "lquery" -> List.of("proof.*");
            case "cube" -> List.of("(" + n % 1000 + ",1)");
            case "seg" -> List.of("1 .. 2");
            case "geometry" -> geometries("");
            case "geography" -> geometries("SRID=4326;");
            case "box2d" -> List.of("BOX(0 0,1 1)");
            case "vector", "halfvec" ->
                List.of('[' + String.join(",", Collections.nCopies(Math.max(type.modifier(), 1), "0.5")) + ']');
            case "sparsevec" -> List.of("{1:0.5}/" + Math.max(type.modifier(), 1));
            case "isbn", "isbn13" -> List.of("978-0-306-40615-7");
            default -> List.of("proof-" + n, "1", "{}", "1.0.0", "(1,1)", "[1]", "a", "");
        };
    }

    private static List<String> geometries(String prefix) {
        return List.of(
                prefix + "POINT(1 1)",
                "SRID=4326;POINT(1 1)",
                prefix + "LINESTRING(0 0,1 1)",
                prefix + "POLYGON((0 0,1 0,1 1,0 0))",
                prefix + "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))",
                "SRID=3857;POINT(1 1)");
    }

    private static List<String> numbers(long n, long base, long width, boolean distinct) {
        String far = String.valueOf(base + Math.floorMod(n, width));
        return distinct
                ? List.of(
                        far,
                        String.valueOf(base / 2 + Math.floorMod(n * 31, width)),
                        String.valueOf(Math.floorMod(n, 100) + 1))
                : List.of("1", "0", "2", "10", "100", "-1", far);
    }

    private static List<String> numerics(int modifier, long n, boolean distinct) {
        if (modifier < VARLENA_HEADER) {
            List<String> whole = numbers(n, 1_000_000_000L, 1_000_000_000L, distinct);
            return distinct
                    ? whole
                    : Stream.concat(whole.stream(), Stream.of("1.5")).toList();
        }
        int precision = (modifier - VARLENA_HEADER) >> SCALE_BITS & 0xffff;
        // Since PostgreSQL 15 the scale is a signed number of eleven bits.
        int scale = ((modifier - VARLENA_HEADER & SCALE_MASK) ^ 1024) - 1024;
        BigInteger room = BigInteger.TEN.pow(precision);
        BigDecimal far = new BigDecimal(BigInteger.valueOf(Math.abs(n * 7919)).mod(room), scale);
        BigDecimal one = precision > scale ? BigDecimal.ONE : new BigDecimal(BigInteger.ONE, scale);
        return distinct
                ? List.of(far.toPlainString())
                : List.of(
                        one.toPlainString(),
                        "0",
                        far.toPlainString(),
                        one.negate().toPlainString());
    }

    private static List<String> texts(SqlType.Scalar type, long n) {
        if (type.name().equals("char")) {
            return List.of(String.valueOf((char) ('a' + Math.floorMod(n, 26))));
        }
        int length = type.name().equals("name")
                ? 63
                : type.modifier() < VARLENA_HEADER
                        ? type.name().equals("bpchar") && type.modifier() >= 0 ? 1 : Integer.MAX_VALUE
                        : type.modifier() - VARLENA_HEADER;
        return List.of(Texts.fit("proof-", n, 0, length), "");
    }

    private static List<String> dates(long n, boolean distinct, String time) {
        String far = EARLY.plusDays(Math.floorMod(n, DAYS)) + time;
        return distinct
                ? List.of(far)
                : List.of("2024-01-15" + time, "2090-06-15" + time, "1990-01-01" + time, "2024-01-01", far);
    }

    private static List<String> times(long n, boolean distinct, String zone) {
        String far =
                "%02d:%02d:%02d".formatted(Math.floorMod(n / 3600, 24), Math.floorMod(n / 60, 60), Math.floorMod(n, 60))
                        + zone;
        return distinct ? List.of(far) : List.of("12:00:00" + zone, "18:00:00" + zone, "06:00:00" + zone, far);
    }

    private static List<String> bits(long n, int length, boolean exact) {
        String digits = Long.toBinaryString(Math.abs(n));
        List<String> bits = new ArrayList<>();
        String cut = digits.length() > length ? digits.substring(digits.length() - length) : digits;
        bits.add(exact ? "0".repeat(length - cut.length()) + cut : cut);
        bits.add(exact ? "1".repeat(length) : "1");
        return bits;
    }
}
