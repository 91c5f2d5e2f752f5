package dev.cascadecleanup.internal.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Storage parameters as {@code pg_class.reloptions} has them. */
class CockroachFactsTest {

    private static final long TABLE = 1;
    private static final long OTHER = 2;

    @Test
    void parametersByName() {
        CockroachFacts facts = facts("schema_locked=true", "infer_rbr_region_col_using_constraint='fk'");
        assertThat(facts.storageParameter(TABLE, "schema_locked")).contains("true");
        assertThat(facts.storageParameter(TABLE, "infer_rbr_region_col_using_constraint"))
                .contains("fk");
        assertThat(facts.storageParameter(TABLE, "infer_rbr")).isEmpty();
        assertThat(facts.storageParameter(OTHER, "schema_locked")).isEmpty();
    }

    @Test
    void rowsThatExpire() {
        assertThat(facts("ttl='on'", "ttl_expire_after='00:10:00':::INTERVAL").rowsExpire(TABLE))
                .isTrue();
        assertThat(facts("ttl='on'", "ttl_expiration_expression='expires_at'").rowsExpire(TABLE))
                .isTrue();
        assertThat(facts("schema_locked=true").rowsExpire(TABLE)).isFalse();
    }

    private static CockroachFacts facts(String... parameters) {
        return new CockroachFacts(
                Map.of(TABLE, List.of(parameters)),
                Map.of(),
                Map.of(),
                new CockroachFacts.SessionDefaults("serializable", 0));
    }
}
