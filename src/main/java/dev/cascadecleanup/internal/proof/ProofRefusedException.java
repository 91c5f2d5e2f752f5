package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.plan.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** The proof did not even begin: it could have left a trace, or a hint names something that is not there. */
public final class ProofRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    ProofRefusedException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining(" ")));
        this.problems = List.copyOf(problems);
    }

    ProofRefusedException(String cause, String remedy) {
        this(List.of(new Problem(cause, remedy)));
    }

    /** What stands in the way, all of it. */
    public List<Problem> problems() {
        return problems;
    }
}
