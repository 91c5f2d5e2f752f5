package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.internal.journal.JournalEntry;
import dev.cascadecleanup.internal.journal.MigrationIdentity;
import java.sql.SQLException;
import java.util.List;

/** What the journal has of one migration and what is not undone. */
final class OwnEntries {

    private final Session session;
    private final MigrationIdentity identity;

    OwnEntries(Session session, MigrationIdentity identity) {
        this.session = session;
        this.identity = identity;
    }

    List<JournalEntry> read() throws SQLException {
        return session
                .guarded(() -> session.journal().active(identity.historySchema(), identity.historyTable()))
                .stream()
                .filter(entry -> entry.migration().version().equals(identity.version()))
                .toList();
    }
}
