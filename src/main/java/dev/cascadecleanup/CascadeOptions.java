package dev.cascadecleanup;

import dev.cascadecleanup.plan.ClosureRule;
import dev.cascadecleanup.plan.ForeignKeySelector;
import dev.cascadecleanup.plan.ParentName;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What to convert and how. {@link #defaults()} is what {@code V060} does without any placeholder.
 *
 * @param parents the referenced tables ({@code cascade_parent})
 * @param scope only the foreign keys on the parents, or also those below them ({@code cascade_scope})
 * @param closure links that the closure converts only when they are named ({@code cascade_closure})
 * @param keep foreign keys to leave as they are ({@code cascade_keep})
 * @param setNull foreign keys that get ON DELETE SET NULL instead ({@code cascade_set_null})
 * @param indexes what to do where no index lets a delete find its rows ({@code cascade_indexes})
 * @param accept links over which rows of others may refuse the delete or be lost, and triggers: known, and not counted
 *     ({@code cascade_accept})
 * @param unlockTables CockroachDB: whether {@code schema_locked} tables are unlocked for the work also where the server was told not to
 *     unlock any by itself, which is how tables in logical replication are protected ({@code cascade_unlock_tables})
 * @param keepSetNull whether every foreign key that is SET NULL or SET DEFAULT today stays so ({@code cascade_keep_set_null})
 * @param cascadeSelfReferences whether foreign keys from a parent to itself are converted too ({@code cascade_self_references})
 * @param validate whether to validate after the swap; PostgreSQL only ({@code cascade_validate})
 * @param lockTimeout how long one attempt may take in all, and so the longest it can make others queue; PostgreSQL only
 *     ({@code cascade_lock_timeout})
 * @param maxWait how long to go on trying for one foreign key ({@code cascade_max_wait})
 * @param guard what {@code CascadeGuard} does about a foreign key that does not cascade ({@code cascade_guard})
 * @param skipUnsupported whether to do nothing, with a warning, on other databases ({@code cascade_unsupported})
 */
public record CascadeOptions(
        List<ParentName> parents,
        Scope scope,
        List<ClosureRule> closure,
        List<ForeignKeySelector> keep,
        List<ForeignKeySelector> setNull,
        IndexMode indexes,
        List<ForeignKeySelector> accept,
        boolean unlockTables,
        boolean keepSetNull,
        boolean cascadeSelfReferences,
        boolean validate,
        Duration lockTimeout,
        Duration maxWait,
        GuardMode guard,
        boolean skipUnsupported) {

    /** How far the conversion goes. */
    public enum Scope {
        /** The foreign keys on the parents. */
        DIRECT,
        /** Also the foreign keys further down that would refuse the delete. */
        CLOSURE
    }

    /** What happens where no index lets a delete find the rows that reference the deleted one. */
    public enum IndexMode {
        /** One line says so. */
        WARN,
        /** They are built before the foreign keys are converted, without stopping anybody. */
        CREATE,
        /** A foreign key of a large table is not converted without one: the migration is refused. */
        REQUIRE
    }

    /** What the guard does. */
    public enum GuardMode {
        FAIL,
        WARN,
        OFF
    }

    private static final CascadeOptions DEFAULTS = new CascadeOptions(
            ParentName.parseList("users"),
            Scope.DIRECT,
            List.of(),
            List.of(),
            List.of(),
            IndexMode.WARN,
            List.of(),
            false,
            false,
            false,
            true,
            Duration.ofSeconds(1),
            Duration.ofMinutes(10),
            GuardMode.FAIL,
            false);

    public CascadeOptions {
        parents = List.copyOf(parents);
        closure = List.copyOf(closure);
        keep = List.copyOf(keep);
        setNull = List.copyOf(setNull);
        accept = List.copyOf(accept);
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(indexes, "indexes");
        Objects.requireNonNull(lockTimeout, "lockTimeout");
        Objects.requireNonNull(maxWait, "maxWait");
        Objects.requireNonNull(guard, "guard");
        if (parents.isEmpty()) {
            throw new IllegalArgumentException("at least one parent table");
        }
        if (lockTimeout.toMillis() < 1 || maxWait.toMillis() < 1) {
            throw new IllegalArgumentException("lockTimeout and maxWait are at least 1ms");
        }
    }

    /** Every foreign key on {@code users}, nothing kept. */
    public static CascadeOptions defaults() {
        return DEFAULTS;
    }

    /** A copy to change. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Collects changes to options. The textual setters read what the placeholder of the same name may hold. */
    public static final class Builder {

        private List<ParentName> parents;
        private Scope scope;
        private List<ClosureRule> closure;
        private List<ForeignKeySelector> keep;
        private List<ForeignKeySelector> setNull;
        private IndexMode indexes;
        private List<ForeignKeySelector> accept;
        private boolean unlockTables;
        private boolean keepSetNull;
        private boolean cascadeSelfReferences;
        private boolean validate;
        private Duration lockTimeout;
        private Duration maxWait;
        private GuardMode guard;
        private boolean skipUnsupported;

        private Builder(CascadeOptions options) {
            parents = options.parents;
            scope = options.scope;
            closure = options.closure;
            keep = options.keep;
            setNull = options.setNull;
            indexes = options.indexes;
            accept = options.accept;
            unlockTables = options.unlockTables;
            keepSetNull = options.keepSetNull;
            cascadeSelfReferences = options.cascadeSelfReferences;
            validate = options.validate;
            lockTimeout = options.lockTimeout;
            maxWait = options.maxWait;
            guard = options.guard;
            skipUnsupported = options.skipUnsupported;
        }

        /** {@code table} or {@code schema.table}, or several, comma-separated. */
        public Builder parent(String tables) {
            parents = ParentName.parseList(tables);
            return this;
        }

        public Builder scope(Scope value) {
            scope = value;
            return this;
        }

        /** {@code table.column}, {@code table.column=defer} or {@code table.column=cascade+defer}, comma-separated. */
        public Builder closure(String links) {
            closure = ClosureRule.parseList(links);
            return this;
        }

        /** {@code table.constraint} or {@code table.column}, comma-separated. */
        public Builder keep(String foreignKeys) {
            keep = ForeignKeySelector.parseList(foreignKeys);
            return this;
        }

        /** {@code table.constraint} or {@code table.column}, comma-separated. */
        public Builder setNull(String foreignKeys) {
            setNull = ForeignKeySelector.parseList(foreignKeys);
            return this;
        }

        public Builder indexes(IndexMode value) {
            indexes = value;
            return this;
        }

        /** {@code table.constraint}, {@code table.column} or {@code table.trigger}, comma-separated. */
        public Builder accept(String links) {
            accept = ForeignKeySelector.parseList(links);
            return this;
        }

        public Builder unlockTables(boolean value) {
            unlockTables = value;
            return this;
        }

        public Builder keepSetNull(boolean value) {
            keepSetNull = value;
            return this;
        }

        public Builder cascadeSelfReferences(boolean value) {
            cascadeSelfReferences = value;
            return this;
        }

        public Builder validate(boolean value) {
            validate = value;
            return this;
        }

        public Builder lockTimeout(Duration value) {
            lockTimeout = value;
            return this;
        }

        public Builder maxWait(Duration value) {
            maxWait = value;
            return this;
        }

        public Builder guard(GuardMode value) {
            guard = value;
            return this;
        }

        public Builder skipUnsupported(boolean value) {
            skipUnsupported = value;
            return this;
        }

        /** The options. */
        public CascadeOptions build() {
            return new CascadeOptions(
                    parents,
                    scope,
                    closure,
                    keep,
                    setNull,
                    indexes,
                    accept,
                    unlockTables,
                    keepSetNull,
                    cascadeSelfReferences,
                    validate,
                    lockTimeout,
                    maxWait,
                    guard,
                    skipUnsupported);
        }
    }
}
