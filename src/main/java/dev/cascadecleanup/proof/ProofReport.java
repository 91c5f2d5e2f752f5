package dev.cascadecleanup.proof;

import dev.cascadecleanup.catalog.TableName;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a proof found, for each parent table. {@link #toString()} is the report for people.
 *
 * @param parents one proof for each parent table
 * @param undeclaredReferences how many columns look like a reference to a parent and are in no foreign key: what they hold remains;
 *     the audit lists them
 */
public record ProofReport(List<ParentProof> parents, int undeclaredReferences) {

    /** What all counts together mean. The worst of several comes last. */
    public enum Verdict {
        /** The delete goes through whatever rows there are, nothing of the person remains, and nobody else loses anything undecided. */
        PASSED("PASSED"),
        /** Nothing speaks against it, but something was not seen: some row could not be made or counted, say. */
        INCOMPLETE("INCOMPLETE"),
        /** The delete goes through, and takes rows of somebody else along. */
        TAKES_OTHERS_ROWS("TAKES OTHERS' ROWS"),
        /** The delete is refused, by rows of the person, of somebody else or of nobody. */
        REFUSED("REFUSED"),
        /** The delete goes through, and leaves rows of the person. */
        REMAINS("REMAINS");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /**
     * The proof for one parent table.
     *
     * @param parent the table of which a row was deleted
     * @param verdict what it all means
     * @param tables the parent and every table reached from it, near ones first
     * @param refusals what refused the delete: the first, then what would refuse once the rows of that table were gone, and so on;
     *     one foreign key of each table that stands in the way
     * @param links what became of rows of others, of nobody, and of rows that hang on two persons, for each foreign key
     * @param missing tables without a row, and why
     * @param notes what else to know
     * @param elapsed the wall time
     */
    public record ParentProof(
            TableName parent,
            Verdict verdict,
            List<TableProof> tables,
            List<Refusal> refusals,
            List<LinkProof> links,
            List<MissingRow> missing,
            List<String> notes,
            Duration elapsed) {

        public ParentProof {
            tables = List.copyOf(tables);
            refusals = List.copyOf(refusals);
            links = List.copyOf(links);
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

    /** What became of rows of others and of nobody. */
    public List<LinkProof> links() {
        return all().flatMap(parent -> parent.links().stream()).toList();
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
        String text = String.join(
                System.lineSeparator(),
                parents.stream().map(ParentProof::toString).toList());
        return undeclaredReferences == 0
                ? text
                : text + undeclaredReferences + (undeclaredReferences == 1 ? " column looks" : " columns look")
                        + " like a reference to a parent and " + (undeclaredReferences == 1 ? "is" : "are")
                        + " in no foreign key, so that what they hold remains: the audit lists them"
                        + System.lineSeparator();
    }
}
