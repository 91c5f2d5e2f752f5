package dev.cascadecleanup.internal.proof.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BranchesTest {

    private static List<Map<String, Facts>> branches(String... conditions) {
        return Branches.of(Arrays.stream(conditions).map(Expression::parse).toList());
    }

    private static Facts only(String column, String... conditions) {
        List<Map<String, Facts>> branches = branches(conditions);
        assertThat(branches).hasSize(1);
        return branches.get(0).get(column);
    }

    @Test
    void listsAreWhatIsAllowed() {
        assertThat(only("a", "(a = ANY (ARRAY['x'::text, 'y'::text]))").allowed())
                .containsExactly("x", "y");
        assertThat(only("a", "(a IN ('x', 'y'))", "(a <> 'x')").excluded()).containsExactly("x");
        assertThat(only("a", "(NOT (a = ANY (ARRAY['x'::text])))").excluded()).containsExactly("x");
        assertThat(only("a", "(a <> ALL (ARRAY['x'::text]))").excluded()).containsExactly("x");
    }

    @Test
    void comparisonsAreBounds() {
        Facts facts = only("a", "((a > 5) AND (10 >= a))");
        assertThat(facts.lower()).containsExactly(new Facts.Bound("5", false));
        assertThat(facts.upper()).containsExactly(new Facts.Bound("10", true));
        assertThat(only("a", "(NOT (a < 3))").lower()).containsExactly(new Facts.Bound("3", true));
        assertThat(only("a", "(a BETWEEN 1 AND 2)").upper()).containsExactly(new Facts.Bound("2", true));
    }

    @Test
    void lengthsAreLengths() {
        Facts facts = only("a", "((length((a)::text) >= 3) AND (char_length(a) < 9))");
        assertThat(facts.minLength()).isEqualTo(3);
        assertThat(facts.maxLength()).isEqualTo(8);
        assertThat(only("a", "(cardinality(a) > 0)").minLength()).isEqualTo(1);
    }

    @Test
    void patternsAreSampled() {
        assertThat(only("a", "(a ~~ '%@_x.org'::text)").patterns()).containsExactly("^.*\\@.x\\.org$");
        assertThat(only("a", "(a ~ '^[0-9]+$'::text)").patterns()).containsExactly("^[0-9]+$");
    }

    @Test
    void disjunctionsAreBranches() {
        List<Map<String, Facts>> branches = branches("((a = 'x') OR ((b IS NOT NULL) AND (a = 'y')))");
        assertThat(branches).hasSize(2);
        assertThat(branches.get(0).get("a").allowed()).containsExactly("x");
        assertThat(branches.get(1).get("b").mustBeNull()).isFalse();
    }

    @Test
    void exactlyOneOfTwoIsTwoBranches() {
        List<Map<String, Facts>> branches = branches("((a IS NULL) <> (b IS NULL))");
        assertThat(branches)
                .hasSize(2)
                .allSatisfy(branch -> assertThat(branch.get("a").mustBeNull())
                        .isNotEqualTo(branch.get("b").mustBeNull()));
    }

    @Test
    void countsOfNullsAreEveryWayToFillThem() {
        assertThat(branches("(num_nonnulls(a, b, c) = 1)")).hasSize(3);
        assertThat(branches("(NOT (num_nulls(a, b) = 1))")).hasSize(2);
        assertThat(branches("((((a IS NOT NULL))::integer + ((b IS NOT NULL))::integer) > 1)"))
                .as("the server picks")
                .hasSize(4);
    }

    @Test
    void casesAreBranches() {
        List<Map<String, Facts>> branches =
                branches("CASE WHEN (k = 'a'::text) THEN (x IS NOT NULL) WHEN (k = 'b'::text)"
                        + " THEN (y IS NOT NULL) ELSE false END");
        assertThat(branches).hasSize(2);
        assertThat(branches.get(0).get("k").allowed()).containsExactly("a");
        assertThat(branches.get(1).get("y").mustBeNull()).isFalse();
    }

    @Test
    void whatContradictsItselfHasNoBranch() {
        assertThat(branches("((a IS NOT NULL) AND (a = 'x'))", "(a = 'y')")).isEmpty();
    }

    @Test
    void chainsPassTheirBoundsOn() {
        Map<String, Facts> facts =
                branches("((a < b) AND (b <= c) AND (a > 10))", "(c < 99)").get(0);
        assertThat(facts.get("a").order()).isEqualTo(new Facts.Order(0, 1));
        assertThat(facts.get("b").order()).isEqualTo(new Facts.Order(1, 0));
        assertThat(facts.get("c").order()).isEqualTo(new Facts.Order(1, 0));
        assertThat(facts.get("c").lower()).containsExactly(new Facts.Bound("10", false));
        assertThat(facts.get("a").upper()).containsExactly(new Facts.Bound("99", false));
    }

    @Test
    void circlesOfComparisonsEnd() {
        assertThat(branches("((a < b) AND (b < c) AND (c < a))")).hasSize(1);
    }

    @Test
    void equationsAreKept() {
        Expression sum = only("gross", "(gross = (net + tax))").equation();
        assertThat(Arithmetic.value(sum, name -> Optional.of(name.equals("net") ? "1.5" : "2")))
                .hasValue(new BigDecimal("3.5"));
        assertThat(Arithmetic.value(sum, name -> Optional.empty())).isEmpty();
    }

    @Test
    void membersOfAnObjectAreCollected() {
        assertThat(only("j", "((j ?& ARRAY['a'::text, 'b'::text]) AND (((j ->> 'a'::text))::integer > 5))")
                        .members())
                .containsEntry("a", "\"6\"")
                .containsEntry("b", "\"proof\"");
    }

    @Test
    void operatorsOfExtensionsAreOperators() {
        assertThat(only("a", "(a OPERATOR(public.~) '^[a-z]+$'::public.citext)").patterns())
                .containsExactly("^[a-z]+$");
        assertThat(only("a", "((a)::text ~ similar_to_escape('(ab|cd)%'::text))")
                        .patterns())
                .containsExactly("^(ab|cd).*$");
    }

    @Test
    void explosionsAreCutOff() {
        String[] conditions = new String[12];
        Arrays.setAll(conditions, i -> "((a" + i + " = 1) OR (b" + i + " = 2) OR (c" + i + " = 3))");
        assertThat(branches(conditions)).isNotEmpty().hasSizeLessThan(100);
    }
}
