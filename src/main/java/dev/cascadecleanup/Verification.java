package dev.cascadecleanup;

import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Decided;
import dev.cascadecleanup.plan.IndexPlan;
import dev.cascadecleanup.plan.Interceptor;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Whether the foreign keys are as the options want them. In the scope {@code direct} yes means no more than was asked for: every foreign
 * key on the parent cascades or is excluded. In the scope {@code closure} it means that nothing refuses the delete of a parent row, and
 * that the delete takes nobody else's rows but where somebody has decided so.
 *
 * @param scope what was asked
 * @param deviating foreign keys that a migration would still convert
 * @param ineffective foreign keys that do nothing (NOT ENFORCED, or a trigger behind them is switched off), so that rows are left behind:
 *     those that cascade in the catalog only, and in the closure all that the delete comes to and nobody has decided to leave so
 * @param notValidated foreign keys that are as wanted but NOT VALID
 * @param kept foreign keys that an option or rule leaves as they are
 * @param open links that somebody has to decide about, on the parent and further down, in either scope
 * @param accepted links that {@code cascade_accept} names, and that refuse or take rows of others
 * @param decided what does not count because an option says so; said beside every yes
 * @param interceptors triggers and rules that take part in a delete, but for the accepted ones
 * @param notSeen what could not be looked at: with it there is no yes
 * @param indexes what a delete lacks to find its rows without a scan; it does not make the verification fail
 */
public record Verification(
        CascadeOptions.Scope scope,
        List<Conversion> deviating,
        List<String> ineffective,
        List<String> notValidated,
        List<CascadePlan.Kept> kept,
        List<Link> open,
        List<Link> accepted,
        Decided decided,
        List<Interceptor> interceptors,
        List<NotSeen> notSeen,
        IndexPlan indexes) {

    /** The three answers. */
    public enum Result {
        YES("verified"),
        NO("not verified"),
        NOT_SEEN("not seen");

        private final String words;

        Result(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    public Verification {
        Objects.requireNonNull(scope, "scope");
        deviating = List.copyOf(deviating);
        ineffective = List.copyOf(ineffective);
        notValidated = List.copyOf(notValidated);
        kept = List.copyOf(kept);
        open = List.copyOf(open);
        accepted = List.copyOf(accepted);
        Objects.requireNonNull(decided, "decided");
        interceptors = List.copyOf(interceptors);
        notSeen = List.copyOf(notSeen);
        Objects.requireNonNull(indexes, "indexes");
    }

    /** Those of {@link #open()} over which a row can refuse the delete. */
    public List<Link> refusing() {
        return open.stream()
                .filter(link -> link.verdict() != Verdict.TAKES_OTHERS_ROWS)
                .toList();
    }

    /** Those of {@link #open()} that refuse nothing, but take rows of somebody else. */
    public List<Link> taking() {
        return open.stream()
                .filter(link -> link.verdict() == Verdict.TAKES_OTHERS_ROWS)
                .toList();
    }

    /** The answer. */
    public Result result() {
        boolean closure = scope == CascadeOptions.Scope.CLOSURE;
        if (!deviating.isEmpty()
                || !ineffective.isEmpty()
                || (closure && (!open.isEmpty() || interceptors.stream().anyMatch(Interceptor::swallows)))) {
            return Result.NO;
        }
        return notSeen.isEmpty() && (!closure || interceptors.isEmpty()) ? Result.YES : Result.NOT_SEEN;
    }

    /** Whether the answer is yes. */
    public boolean passed() {
        return result() == Result.YES;
    }

    /** The answer in one sentence that says no more than was seen. */
    public String summary() {
        boolean closure = scope == CascadeOptions.Scope.CLOSURE;
        return switch (result()) {
            case YES ->
                closure
                        ? "nothing refuses the delete"
                                + (decided.refusing().isEmpty() ? "" : " but what was decided")
                                + ", and it takes nobody else's rows but what was decided" + decidedInNumbers()
                        : "every foreign key on the parent cascades or is excluded"
                                + (kept.isEmpty() ? "" : " (" + kept.size() + " excluded)") + beside();
            case NO -> String.join(", ", wrong(closure)) + (closure ? "" : beside());
            case NOT_SEEN ->
                "what was seen is as it should be, but "
                        + count(notSeen.size() + (closure ? interceptors.size() : 0), "thing", "things")
                        + " could not be looked at" + (closure ? decidedInNumbers() : beside());
        };
    }

    private String decidedInNumbers() {
        return decided.isEmpty() ? "" : ": " + decided;
    }

    private List<String> wrong(boolean closure) {
        List<String> wrong = new ArrayList<>();
        add(wrong, deviating.size(), "foreign key to mend", "foreign keys to mend");
        add(wrong, ineffective.size(), "foreign key that does nothing", "foreign keys that do nothing");
        if (closure) {
            wrong.addAll(openCounts());
            add(
                    wrong,
                    (int) interceptors.stream().filter(Interceptor::swallows).count(),
                    "rule, privilege or publication in the way",
                    "rules, privileges or publications in the way");
        }
        return wrong;
    }

    /** In the scope {@code direct} what is open does not count, but is said in the same breath. */
    private String beside() {
        List<String> counts = new ArrayList<>(openCounts());
        add(counts, interceptors.size(), "trigger or rule may interfere", "triggers or rules may interfere");
        return counts.isEmpty() ? "" : "; that is all: " + String.join(", ", counts) + " (scope closure lists them)";
    }

    private List<String> openCounts() {
        List<String> counts = new ArrayList<>();
        add(counts, refusing().size(), "link can refuse the delete", "links can refuse the delete");
        add(counts, taking().size(), "link takes rows of somebody else", "links take rows of somebody else");
        return counts;
    }

    private static void add(List<String> counts, int number, String one, String many) {
        if (number > 0) {
            counts.add(count(number, one, many));
        }
    }

    private static String count(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
