package dev.cascadecleanup.internal.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Definitions as CockroachDB v22.1 prints them. */
class IndexTextTest {

    @Test
    void anOrdinaryIndexServesItsFirstColumn() {
        IndexText index =
                index("CREATE INDEX i ON d.public.likes USING btree (user_ref ASC, n DESC) STORING (\"x WHERE y\")");
        assertThat(index.leading()).isEqualTo("user_ref");
        assertThat(index.columns()).containsExactly("user_ref", "n");
        assertThat(index.condition()).isNull();
        assertThat(index.servesLookups()).isTrue();
    }

    @Test
    void namesThatNeedQuotes() {
        IndexText index = index(
                "CREATE UNIQUE INDEX \"i USING (\" ON \"d.\".\"s\".\"t(\" USING btree (\"a\"\"b\" ASC, \"c,(\" ASC)");
        assertThat(index.columns()).containsExactly("a\"b", "c,(");
        assertThat(index.expressions()).isFalse();
    }

    @Test
    void aPartialOneOnlyWhereItLeavesOutNothingButNull() {
        assertThat(index("CREATE INDEX i ON d.s.t USING btree (\"a\"\"b\" ASC) WHERE (\"a\"\"b\" IS NOT NULL)")
                        .servesLookups())
                .isTrue();
        assertThat(index("CREATE INDEX i ON d.s.t USING btree (sel ASC) WHERE (sel IS NOT NULL)")
                        .servesLookups())
                .isTrue();
        assertThat(index("CREATE INDEX i ON d.s.t USING btree (sel ASC) WHERE (other IS NOT NULL)")
                        .servesLookups())
                .isFalse();
        assertThat(index("CREATE INDEX i ON d.s.t USING btree (sel ASC) WHERE (sel > 0)")
                        .servesLookups())
                .isFalse();
    }

    @Test
    void anExpressionIsNoColumn() {
        IndexText index = index("CREATE INDEX i ON d.s.t USING btree (lower(id::STRING) ASC, b ASC)");
        assertThat(index.leading()).isNull();
        assertThat(index.columns()).containsExactly("b");
        assertThat(index.expressions()).isTrue();
        assertThat(index.servesLookups()).isFalse();
    }

    @Test
    void hashShardedAndInverted() {
        assertThat(index("CREATE INDEX i ON d.s.t USING btree (sel ASC) USING HASH WITH (bucket_count=4)")
                        .leading())
                .isEqualTo("sel");
        assertThat(index("CREATE INDEX i ON d.s.t USING gin (j ASC)").servesLookups())
                .isFalse();
    }

    @Test
    void whatIsNoIndexIsNotGuessed() {
        assertThat(IndexText.parse(null)).isEmpty();
        assertThat(IndexText.parse("CREATE TABLE t (id INT8)")).isEmpty();
        assertThat(IndexText.parse("CREATE INDEX i ON d.s.t USING btree (a ASC"))
                .isEmpty();
    }

    private static IndexText index(String definition) {
        return IndexText.parse(definition).orElseThrow();
    }
}
