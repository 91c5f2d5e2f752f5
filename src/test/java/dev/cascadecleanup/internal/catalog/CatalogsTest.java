package dev.cascadecleanup.internal.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeException;
import org.junit.jupiter.api.Test;

class CatalogsTest {

    @Test
    void aVersionThatIsTooOldIsRefusedInOneSentence() {
        assertThatThrownBy(() -> Catalogs.of(null, "PostgreSQL 11.22 on x86_64-pc-linux-gnu"))
                .isInstanceOf(CascadeException.class)
                .hasMessage(
                        "PostgreSQL 11 is too old: flyway-cascade-cleanup needs PostgreSQL 12 or newer, and is tested from 14 on;"
                                + " nothing was changed.");
        assertThat(Catalogs.of(null, "PostgreSQL 12.1 on x86_64")).isPresent();
    }
}
