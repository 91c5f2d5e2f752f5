package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.Outcome;
import java.util.ArrayList;
import java.util.List;

/** The foreign keys of a run that could not be finished because rows without a referenced row were there already. */
final class OrphanNotes {

    private final List<String> notValid = new ArrayList<>();
    private final List<String> notChanged = new ArrayList<>();

    void note(String subject, Outcome outcome) {
        switch (outcome.kind()) {
            case ORPHANS_FOUND -> notValid.add(rows(subject, outcome));
            case ORPHANS_IN_THE_WAY -> notChanged.add(rows(subject, outcome));
            case DONE, STILL_NOT_VALID, VALIDATION_LEFT_OUT -> {}
        }
    }

    boolean isEmpty() {
        return notValid.isEmpty() && notChanged.isEmpty();
    }

    /**
     * A sentence about all foreign keys that begins with the rest of them, and ends with those that are noted here.
     *
     * @param rest what is true of the rest
     * @param unchanged what could not be done to those that are as they were
     */
    String describe(String rest, String unchanged) {
        return (notChanged.isEmpty() ? "every" : "every other") + " foreign key " + rest + ", but "
                + (notValid.isEmpty()
                        ? ""
                        : notValid.size()
                                + " could not be validated because rows without a referenced row were there already: "
                                + String.join("; ", notValid) + ". ")
                + (notChanged.isEmpty()
                        ? ""
                        : notChanged.size() + " could not be " + unchanged
                                + " because of such rows, as before PostgreSQL 18 a"
                                + " partitioned table takes no NOT VALID foreign key: "
                                + String.join("; ", notChanged) + ". ")
                + "Delete or correct those rows";
    }

    private static String rows(String subject, Outcome outcome) {
        return subject + ": " + outcome.describeOrphans() + ", list them with: " + outcome.orphanQuery();
    }
}
