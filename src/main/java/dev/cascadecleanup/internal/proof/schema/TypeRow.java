package dev.cascadecleanup.internal.proof.schema;

import org.jspecify.annotations.Nullable;

/** A row of {@code pg_type}, with the OIDs of what it is made of; 0 for nothing. */
record TypeRow(
        long oid,
        String name,
        String sql,
        String kind,
        boolean array,
        long element,
        long base,
        int baseModifier,
        @Nullable String baseSql,
        boolean notNull,
        long relation) {}
