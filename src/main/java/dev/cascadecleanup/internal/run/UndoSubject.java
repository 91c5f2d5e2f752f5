package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.journal.IndexEntry;
import dev.cascadecleanup.internal.journal.JournalEntry;
import dev.cascadecleanup.internal.journal.MigrationIdentity;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What an undo is of: the conversions and the indexes of one version, as the journal has them. */
final class UndoSubject {

    private final Session session;
    private final CascadeOptions options;
    private final UndoOptions undo;
    private final IndexRun ahead;

    UndoSubject(Session session, CascadeOptions options, UndoOptions undo) {
        this.session = session;
        this.options = options;
        this.undo = undo;
        this.ahead = new IndexRun(session, options, IndexEntry.NO_VERSION);
    }

    /** The indexes that were built ahead, and that no migration has made its own. */
    List<IndexEntry> ahead() throws SQLException {
        return ahead.entries();
    }

    /** The version that an earlier run has undone, the latest: the history may still have it. */
    Optional<String> undoneEarlier() throws SQLException {
        return session
                .guarded(() -> session.journal()
                        .undone(session.history().schema(), session.history().table()))
                .stream()
                .filter(version -> undo.version() == null || Versions.same(version, undo.version()))
                .findFirst();
    }

    /** The rows of all versions that count. */
    List<JournalEntry> active() throws SQLException {
        return session.guarded(() -> session.journal()
                .active(session.history().schema(), session.history().table()));
    }

    static List<String> versions(List<JournalEntry> entries) {
        return entries.stream()
                .map(entry -> entry.migration().version())
                .distinct()
                .toList();
    }

    /** Those of the wanted version; refuses to guess between several. */
    List<JournalEntry> entries(List<JournalEntry> active) {
        if (undo.version() != null) {
            return active.stream()
                    .filter(entry -> Versions.same(entry.migration().version(), undo.version()))
                    .toList();
        }
        if (versions(active).size() > 1) {
            throw several("conversions", session.journal().table(), versions(active));
        }
        return active;
    }

    private static CascadeException several(String what, TableName journal, List<String> versions) {
        return new CascadeException("the journal " + journal + " has " + what + " of the versions "
                + String.join(", ", versions)
                + ": say which one to undo, the newest first. Nothing was changed.");
    }

    /**
     * Those of the version that is undone; where it has no conversion left, of the one version that has indexes. What was built ahead, and
     * no migration has made its own, is nobody's to undo.
     */
    Optional<IndexRun> indexes(List<JournalEntry> entries) throws SQLException {
        if (undo.version() != null) {
            return Optional.of(
                    new IndexRun(session, options, new MigrationIdentity("", "", undo.version(), "").version()));
        }
        if (!entries.isEmpty()) {
            return Optional.of(
                    new IndexRun(session, options, entries.get(0).migration().version()));
        }
        List<String> versions = ahead.versions();
        if (versions.size() > 1) {
            throw several("indexes", session.indexJournal().table(), versions);
        }
        return versions.stream().findFirst().map(version -> new IndexRun(session, options, version));
    }

    List<IndexEntry> toDrop(List<JournalEntry> entries) throws SQLException {
        Optional<IndexRun> indexes = indexes(entries);
        return indexes.isEmpty() ? List.of() : indexes.get().entries();
    }

    static String version(List<JournalEntry> entries, List<IndexEntry> indexes) {
        return entries.isEmpty()
                ? indexes.get(0).version()
                : entries.get(0).migration().version();
    }
}
