package dev.cascadecleanup.proof;

import dev.cascadecleanup.catalog.TableName;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a proof found, for each parent table. {@link #toString()} is the report for people.
 *
 * @param parents one proof for each parent table
 */
public record ProofReport(List<ParentProof> parents) {

    /** What all counts together mean. The worst of several comes last. */
    public enum Verdict {
        /** The delete went through, nothing of the user remains, and the other user has lost nothing. */
        PASSED,
        /** Nothing speaks against it, but in some table no row could be made or counted: it is not proved. */
        INCOMPLETE,
        /** The delete was refused. */
        REFUSED,
        /** The delete went through, and left rows of the user or took rows of another. */
        FAILED
    }

    /**
     * The proof for one parent table.
     *
     * @param parent the table of which a row was deleted
     * @param verdict what it all means
     * @param tables the parent and every table reached from it, near ones first
     * @param refusals what refused the delete: the first, then what would refuse once the rows of that table were gone, and so on;
     *     one foreign key of each table that stands in the way
     * @param missing tables without a row, and why
     * @param notes what else to know
     * @param elapsed the wall time
     */
    public record ParentProof(
            TableName parent,
            Verdict verdict,
            List<TableProof> tables,
            List<Refusal> refusals,
            List<MissingRow> missing,
            List<String> notes,
            Duration elapsed) {

        public ParentProof {
            tables = List.copyOf(tables);
            refusals = List.copyOf(refusals);
            missing = List.copyOf(missing);
            notes = List.copyOf(notes);
        }

        /** Tables in which rows stay that name nothing of the deleted user any more. */
        public List<TableProof> detached() {
            return tables.stream()
                    .filter(table -> table.verdict() == TableProof.Verdict.DETACHED)
                    .toList();
        }

        @Override
        public String toString() {
            return new ProofText(this).toString();
        }
    }

    public ProofReport {
        parents = List.copyOf(parents);
    }

    /** The worst verdict. */
    public Verdict verdict() {
        return parents.stream()
                .map(ParentProof::verdict)
                .max(Verdict::compareTo)
                .orElse(Verdict.INCOMPLETE);
    }

    /** Whether everything is proved. */
    public boolean passed() {
        return verdict() == Verdict.PASSED;
    }

    /** For tests: fails with the report unless everything is proved. */
    public ProofReport assertPassed() {
        if (!passed()) {
            throw new AssertionError(toString());
        }
        return this;
    }

    /** All tables of all parents. */
    public List<TableProof> tables() {
        return all().flatMap(parent -> parent.tables().stream()).toList();
    }

    /** All refusals. */
    public List<Refusal> refusals() {
        return all().flatMap(parent -> parent.refusals().stream()).toList();
    }

    /** All rows that could not be made. */
    public List<MissingRow> missing() {
        return all().flatMap(parent -> parent.missing().stream()).toList();
    }

    /** For programs: one JSON object. */
    public String toJson() {
        return new ProofJson(this).write();
    }

    private Stream<ParentProof> all() {
        return parents.stream();
    }

    @Override
    public String toString() {
        return String.join(
                System.lineSeparator(),
                parents.stream().map(ParentProof::toString).toList());
    }
}
