package dev.cascadecleanup.internal.journal;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Finds the foreign keys of a graph that journal rows are about, each without a search. */
public final class JournalMatches {

    private record Oids(long constraint, long table, long referenced) {}

    private record NameInTable(String name, long table, long referenced) {}

    private record Name(TableName table, String name) {}

    private final Map<Oids, ForeignKey> byOids = new HashMap<>();
    private final Map<NameInTable, ForeignKey> byNameInTable = new HashMap<>();
    private final Map<Name, ForeignKey> byName = new HashMap<>();

    /** For the foreign keys of this graph. */
    public JournalMatches(ForeignKeyGraph graph) {
        for (ForeignKey fk : graph.foreignKeys()) {
            long table = fk.table().oid();
            long referenced = fk.referencedTable().oid();
            byOids.putIfAbsent(new Oids(fk.oid(), table, referenced), fk);
            byNameInTable.putIfAbsent(new NameInTable(fk.name(), table, referenced), fk);
            byName.putIfAbsent(new Name(fk.table().name(), fk.name()), fk);
        }
    }

    /**
     * By OID first: renames keep it. By name where OIDs mean nothing any more, after a restore from a backup, and on CockroachDB,
     * which gives a constraint a new OID with every rename.
     */
    public Optional<JournalMatch> find(JournalEntry entry) {
        return Optional.ofNullable(byOids.get(new Oids(entry.constraintOid(), entry.tableOid(), entry.referencedOid())))
                .or(() -> Optional.ofNullable(
                        byNameInTable.get(new NameInTable(entry.name(), entry.tableOid(), entry.referencedOid()))))
                .or(() -> Optional.ofNullable(byName.get(new Name(entry.table(), entry.name())))
                        .filter(fk -> fk.columns().equals(entry.before().columns())
                                && fk.definition()
                                        .referencedTable()
                                        .equals(entry.before().referencedTable())))
                .map(fk -> new JournalMatch(entry, fk));
    }
}
