package dev.cascadecleanup.internal.journal;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.TableName;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One foreign key that a run converted: where it was, what it was, what it became.
 *
 * @param id the row's own key
 * @param run the run that wrote it
 * @param migration on whose behalf
 * @param state how far it has come
 * @param tableOid the referencing table's OID then
 * @param constraintOid the constraint's OID after the conversion
 * @param referencedOid the referenced table's OID then
 * @param table the referencing table's name then
 * @param name the constraint's name
 * @param temporaryName the name that stands in for it during the conversion where one is needed, or null
 * @param before its definition before
 * @param after its definition after
 * @param triggerStates the states of its triggers before, as {@link ForeignKey#triggerStates()}
 * @param comment its comment before, or null
 */
public record JournalEntry(
        UUID id,
        UUID run,
        MigrationIdentity migration,
        JournalState state,
        long tableOid,
        long constraintOid,
        long referencedOid,
        TableName table,
        String name,
        @Nullable String temporaryName,
        ForeignKeyDefinition before,
        ForeignKeyDefinition after,
        List<String> triggerStates,
        @Nullable String comment) {

    public JournalEntry {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(migration, "migration");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
        triggerStates = List.copyOf(triggerStates);
    }

    /** The row for a conversion that is about to begin. */
    public static JournalEntry begin(
            UUID run,
            MigrationIdentity migration,
            ForeignKey foreignKey,
            ForeignKeyDefinition after,
            String temporaryName) {
        return new JournalEntry(
                UUID.randomUUID(),
                run,
                migration,
                JournalState.CONVERTING,
                foreignKey.table().oid(),
                foreignKey.oid(),
                foreignKey.referencedTable().oid(),
                foreignKey.table().name(),
                foreignKey.name(),
                temporaryName,
                foreignKey.definition(),
                after,
                foreignKey.triggerStates(),
                foreignKey.comment());
    }
}
