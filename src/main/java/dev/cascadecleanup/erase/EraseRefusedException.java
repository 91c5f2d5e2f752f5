package dev.cascadecleanup.erase;

import dev.cascadecleanup.CascadeException;
import java.util.List;

/** The person was not erased, and nothing was deleted: the DELETE would be refused, or was, or would take what nobody has agreed to. */
public class EraseRefusedException extends CascadeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> reasons;

    private final boolean seen;

    public EraseRefusedException(String who, List<String> reasons, boolean seen) {
        super(who + " is not erased, and nothing was deleted"
                + String.join(
                        "",
                        reasons.stream()
                                .map(reason -> System.lineSeparator() + "  - " + reason)
                                .toList()));
        this.reasons = List.copyOf(reasons);
        this.seen = seen;
    }

    /** Whether it is known that the DELETE would not do; otherwise something that decides is out of sight. */
    public boolean seen() {
        return seen;
    }

    /** Each with the foreign key or table, and what can be done. */
    public List<String> reasons() {
        return reasons;
    }
}
