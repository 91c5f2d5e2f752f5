package dev.cascadecleanup.internal.engine.postgres;

/** What works where Flyway's own lock stands in the way of a concurrent build. */
public final class BuildAhead {

    /** In the words of every message. */
    public static final String WAYS =
            "What works: set flyway.postgresql.transactional.lock=false for this migration; or build them"
                    + " before Flyway takes its lock, by 'cascade-cleanup indexes', by CascadeCleanup.createIndexes(), or by the callback"
                    + " flyway.callbacks=dev.cascadecleanup.CascadeIndexes; or set cascade_indexes to warn and build them later";

    private BuildAhead() {}
}
