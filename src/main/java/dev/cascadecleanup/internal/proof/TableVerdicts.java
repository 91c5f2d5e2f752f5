package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.proof.row.Links;
import dev.cascadecleanup.proof.TableProof;
import java.util.Map;
import java.util.Objects;

/** What the counts before and after a delete that went through mean for each table. */
final class TableVerdicts {

    private static final Census.Count NOTHING = new Census.Count(0, 0);

    private final ReachedTables reach;
    private final Links links;
    private final Map<Table, Census.Count> before;
    private final Map<Table, Census.Count> after;
    private final Map<Table, Census.Count> dangling;

    /** @param dangling after the delete, only the rows whose foreign keys name rows of the users that are gone */
    TableVerdicts(
            ReachedTables reach,
            Links links,
            Map<Table, Census.Count> before,
            Map<Table, Census.Count> after,
            Map<Table, Census.Count> dangling) {
        this.reach = reach;
        this.links = links;
        this.before = before;
        this.after = after;
        this.dangling = dangling;
    }

    TableProof.Verdict of(Table table) {
        Census.Count then = Objects.requireNonNull(before.get(table));
        Census.Count now = Objects.requireNonNull(after.get(table));
        if (now.other() < then.other()) {
            return TableProof.Verdict.OTHER_LOST;
        }
        if (now.erased() == 0) {
            return TableProof.Verdict.ERASED;
        }
        return !reach.family().contains(table)
                        && mayStay(table)
                        && dangling.getOrDefault(table, NOTHING).erased() == 0
                ? TableProof.Verdict.DETACHED
                : TableProof.Verdict.REMAINS;
    }

    /** Whether a foreign key lets rows stay: by its action, or because what it references stays. */
    private boolean mayStay(Table table) {
        return links.of(table).stream()
                .filter(links::isPerUser)
                .anyMatch(fk -> fk.onDelete() == ReferentialAction.SET_NULL
                        || fk.onDelete() == ReferentialAction.SET_DEFAULT
                        || stays(fk));
    }

    private boolean stays(ForeignKey fk) {
        return !fk.referencedTable().equals(fk.table())
                && !reach.family().contains(fk.referencedTable())
                && after.getOrDefault(fk.referencedTable(), NOTHING).erased() > 0;
    }
}
