package dev.cascadecleanup.internal.proof.value;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.internal.proof.check.Branches;
import dev.cascadecleanup.internal.proof.check.Expression;
import dev.cascadecleanup.internal.proof.check.Facts;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ValuesTest {

    private static final int VARLENA_HEADER = 4;

    private final Values values = new Values(domain -> List.of("7"));

    @Test
    void textsFitTheirLengthAndDiffer() {
        for (int length : new int[] {1, 2, 5, 60}) {
            SqlType type = new SqlType.Scalar("varchar", "varchar", length + VARLENA_HEADER);
            assertThat(values.of(type, 123_456_789L, true).get(0)).hasSizeLessThanOrEqualTo(length);
        }
        SqlType two = new SqlType.Scalar("varchar(2)", "varchar", 2 + VARLENA_HEADER);
        assertThat(firsts(two, 200)).hasSize(200);
    }

    @Test
    void numbersFitTheirPrecision() {
        int modifier = (3 << 16 | 1) + VARLENA_HEADER;
        for (long n = 0; n < 500; n++) {
            assertThat(new BigDecimal(values.of(new SqlType.Scalar("numeric(3,1)", "numeric", modifier), n, true)
                            .get(0)))
                    .isLessThan(new BigDecimal("100"));
        }
    }

    @Test
    void bitsHaveTheirLength() {
        assertThat(values.of(new SqlType.Scalar("bit(9)", "bit", 9), 5, true).get(0))
                .isEqualTo("000000101");
        assertThat(values.of(new SqlType.Scalar("bit", "bit", -1), 6, true).get(0))
                .isEqualTo("0");
    }

    @Test
    void uuidsAndRangesDiffer() {
        assertThat(firsts(new SqlType.Scalar("uuid", "uuid", -1), 1000)).hasSize(1000);
        assertThat(firsts(new SqlType.Range("int4range", new SqlType.Scalar("integer", "int4", -1), false), 1000))
                .hasSize(1000);
    }

    @Test
    void nestedTypesAreQuoted() {
        SqlType label = new SqlType.Enumeration("mood", List.of("so, \"so\""));
        SqlType pair = new SqlType.Composite("pair", List.of(label, new SqlType.Domain("d", label, true, List.of())));
        assertThat(values.of(new SqlType.Array("mood[]", label), 1, false)).startsWith("{\"so, \\\"so\\\"\"}");
        assertThat(values.of(pair, 1, false)).containsExactly("(\"so, \\\"so\\\"\",\"7\")");
    }

    @Test
    void factsComeFirst() {
        SqlType integer = new SqlType.Scalar("integer", "int4", -1);
        SqlType text = new SqlType.Scalar("text", "text", -1);
        assertThat(values.matching(integer, facts("(a > 5 AND a < 8)"), 3, false))
                .startsWith("7", "6");
        assertThat(values.matching(text, facts("(length(a) = 40)"), 3, false).get(0))
                .hasSize(40);
        assertThat(values.matching(text, facts("(a IN ('x', 'y'))"), 3, false)).containsExactly("y", "x");
        assertThat(values.matching(new SqlType.Scalar("date", "date", -1), facts("(a >= '2031-05-01')"), 3, false))
                .startsWith("2031-05-01", "2031-05-02");
    }

    @Test
    void lengthsAreCountedAsTheTypeCountsThem() {
        assertThat(values.matching(new SqlType.Scalar("bytea", "bytea", -1), facts("(octet_length(a) = 32)"), 3, true)
                        .get(0))
                .hasSize(2 + 64);
        assertThat(values.matching(
                                new SqlType.Array("integer[]", new SqlType.Scalar("integer", "int4", -1)),
                                facts("(cardinality(a) = 2)"),
                                3,
                                false)
                        .get(0))
                .isEqualTo("{\"1\",\"0\"}");
        assertThat(values.matching(
                                new SqlType.Scalar("jsonb", "jsonb", -1),
                                facts("(jsonb_array_length(a) > 1)"),
                                3,
                                false)
                        .get(0))
                .isEqualTo("[1, 1]");
    }

    private static Facts facts(String condition) {
        return Branches.of(List.of(Expression.parse(condition))).get(0).get("a");
    }

    private Set<String> firsts(SqlType type, int count) {
        Set<String> firsts = new HashSet<>();
        for (long n = 0; n < count; n++) {
            firsts.add(values.of(type, n, true).get(0));
        }
        return firsts;
    }
}
