package dev.cascadecleanup.preview;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import java.util.List;
import java.util.Objects;

/**
 * What one foreign key does in the delete. A row counts at each of its foreign keys.
 *
 * @param foreignKey the foreign key as it is
 * @param definition its definition in the schema that the preview is about
 * @param goes rows that reference a row that goes, and go
 * @param detached rows whose reference it sets to NULL or to the default
 * @param refuses rows over which it certainly refuses
 * @param orderDecides rows over which it refuses or not as an order decides
 * @param leftBehind rows that go on referencing what is gone
 * @param taken rows that go although they reference, over this foreign key, a row of somebody who stays; and other people who go because of it
 * @param takenCounts whether those are the other one's rows, so that the verdict speaks of them: this foreign key is what owns them, or
 *     they are people themselves, and they go over one of which nobody has said that such rows may
 * @param keys the primary keys of a few rows that refuse, else of those that are taken
 */
public record LinkPreview(
        ForeignKey foreignKey,
        ForeignKeyDefinition definition,
        long goes,
        long detached,
        long refuses,
        long orderDecides,
        long leftBehind,
        long taken,
        boolean takenCounts,
        List<String> keys) {

    public LinkPreview {
        Objects.requireNonNull(foreignKey, "foreignKey");
        Objects.requireNonNull(definition, "definition");
        keys = List.copyOf(keys);
    }

    @Override
    public String toString() {
        return foreignKey + " ON DELETE " + definition.describeOnDelete();
    }
}
