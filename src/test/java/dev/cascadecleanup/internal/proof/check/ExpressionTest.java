package dev.cascadecleanup.internal.proof.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))",
                "((a >= 0) AND (a <= 100))",
                "(a = ANY ARRAY['free':::STRING, 'paid':::STRING])",
                "(a IN ('x':::STRING, 'y':::STRING))",
                "(a BETWEEN 1:::INT8 AND 2:::INT8)",
                "(char_length((a)::text) > 3)",
                "((a IS NULL) <> (b IS NULL))",
                "(num_nonnulls(a, b) = 1)",
                "CASE WHEN (a = 'x'::text) THEN (b IS NOT NULL) ELSE false END",
                "((a)::text ~* '^[a-z]+$'::text)",
                "((a ->> 'k'::text) = 'v'::text)",
                "(a = date_trunc('month'::text, (a)::timestamp with time zone))",
                "(EXTRACT(dow FROM a) = (1)::numeric)",
                "(POSITION(('@'::text) IN (a)) > 1)",
                "((a AT TIME ZONE 'UTC'::text) > '2020-01-01 00:00:00'::timestamp without time zone)",
                "((a)::numeric(10,2) >= -1.5)",
                "(a[1] > 2)",
                "((a IS DISTINCT FROM b) OR (a IS NOT TRUE))",
                "(\"Größe\" > 5)",
            })
    void understandsWhatTheServersPrint(String text) {
        assertThat(Expression.parse(text)).isNotInstanceOf(Expression.Unknown.class);
    }

    @Test
    void keepsTheNamesOfWhatItDoesNotUnderstand() {
        assertThat(Expression.parse("a ? b ! (c"))
                .isInstanceOf(Expression.Unknown.class)
                .extracting(Expression::columns)
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.ITERABLE)
                .containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void takesConstantsAsTheyAre() {
        assertThat(Expression.parse("(a = ANY ('{x,\"y, z\"}'::text[]))").constants())
                .containsExactly("x", "y, z");
        assertThat(Expression.parse("(a = 'it''s'::text)").constants()).containsExactly("it's");
        assertThat(Expression.parse("(a > '-5'::integer)").constants()).containsExactly("-5");
    }

    @Test
    void putsTheColumnInPlaceOfADomainsValue() {
        assertThat(Expression.replaceValue("((VALUE >= 0) AND (VALUE <> 'VALUE'::text))", "\"a\""))
                .isEqualTo("((\"a\" >= 0) AND (\"a\" <> 'VALUE'::text))");
    }

    @Test
    void findsTheColumns() {
        assertThat(Expression.parse("((lower((a)::text) = b) AND (\"Odd one\" IS NULL))")
                        .columns())
                .isEqualTo(java.util.Set.copyOf(List.of("a", "b", "Odd one")));
    }

    @Test
    void whatIsTooDeepIsNotUnderstood() {
        assertThat(Expression.parse("(".repeat(50_000) + "a = 1" + ")".repeat(50_000)))
                .isInstanceOf(Expression.Unknown.class);
        assertThat(Expression.parse("a = 1" + " + 1".repeat(50_000))).isInstanceOf(Expression.Unknown.class);
        assertThat(Expression.parse("NOT ".repeat(50_000) + "a")).isInstanceOf(Expression.Unknown.class);
        assertThat(Expression.parse("a = " + "- - ".repeat(50_000) + "b")).isInstanceOf(Expression.Unknown.class);
    }

    @Test
    void manyConditionsSideBySideAreUnderstood() {
        Expression expression = Expression.parse("a = 0" + " OR a = 1".repeat(20_000));
        assertThat(Branches.of(List.of(expression))).isNotEmpty();
        assertThat(expression.columns()).containsExactly("a");
    }
}
