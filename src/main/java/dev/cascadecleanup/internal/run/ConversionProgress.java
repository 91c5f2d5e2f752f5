package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.MigrationReport;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.internal.journal.JournalEntry;
import dev.cascadecleanup.plan.MissingIndex;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far a conversion run has come, for its report, and for whoever reads why it ended early. */
final class ConversionProgress {

    private final Session session;
    private final OwnEntries entries;
    private final List<MigrationReport.Converted> converted = new ArrayList<>();
    private final List<MissingIndex> built = new ArrayList<>();
    /** The one that is being converted, or null. */
    private @Nullable JournalEntry current;

    ConversionProgress(Session session, OwnEntries entries) {
        this.session = session;
        this.entries = entries;
    }

    void begins(JournalEntry entry) {
        current = entry;
    }

    /** With or without success, and in a way that is known. */
    void ended() {
        current = null;
    }

    void add(MigrationReport.Converted one) {
        converted.add(one);
    }

    void add(List<MissingIndex> indexes) {
        built.addAll(indexes);
    }

    /** Those so far; grows with the run. */
    List<MigrationReport.Converted> converted() {
        return converted;
    }

    List<MissingIndex> built() {
        return built;
    }

    /** A statement that failed may follow one that succeeded, the swap before a validation for instance; the journal tells. */
    String describe() {
        String done = (converted.isEmpty() ? "Nothing was converted" : converted(converted.size()))
                + (built.isEmpty() ? "" : ", and " + built.size() + " indexes are built");
        if (current == null) {
            return done;
        }
        try {
            if (entries.read().stream().noneMatch(entry -> entry.id().equals(current.id()))) {
                return done;
            }
        } catch (SQLException e) {
            return converted(converted.size())
                    + "; whether the one named here is converted too, the server could not be asked any more";
        }
        return session.server().product() == Product.POSTGRESQL
                ? converted(converted.size() + 1) + ", the one named here without its validation"
                : converted(converted.size())
                        + "; the one named here is begun, and deletes may cascade over it already";
    }

    private static String converted(int foreignKeys) {
        return foreignKeys + " foreign keys are converted and stay so";
    }

    /** For the end of a message about a failure. */
    String howToResume() {
        return session.server().product() == Product.POSTGRESQL
                ? "Then run flyway migrate again; it goes on where this run ended. (With flyway.postgresql.transactional.lock=false"
                        + " run flyway repair first.)"
                : "Then run flyway repair and flyway migrate; it goes on where this run ended.";
    }
}
