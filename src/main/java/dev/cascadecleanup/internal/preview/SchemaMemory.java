package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.preview.PreviewOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What previews over the same data source need not find out anew, of the last few schemas that they were about: one data source may lead
 * to several, and its sessions may be of several roles. It counts only in a snapshot in which the schema is what it was, so whoever asks
 * has to have read that there. For several threads.
 */
public final class SchemaMemory {

    private static final int MOST = 4;

    /**
     * What else a ground depends on.
     *
     * @param server with the role and the search path
     * @param defaultSchema Flyway's, or null
     * @param options what a migration would be asked for
     * @param after the schema that is asked about
     */
    record Question(Server server, String defaultSchema, CascadeOptions options, PreviewOptions.After after) {}

    private record Place(Question question, String session) {}

    /**
     * What is kept.
     *
     * @param catalog the state of the catalog that it belongs to
     * @param ways where anybody's DELETE succeeds
     */
    record Kept(String catalog, Ground ground, Optional<PlainWays> ways) {}

    private final Map<Place, Kept> kept = new LinkedHashMap<>(MOST, 0.75f, true);

    /** Of nothing. */
    public SchemaMemory() {}

    synchronized boolean isEmpty() {
        return kept.isEmpty();
    }

    /** What was found when the schema was in this state; empty if it was never looked at since. */
    synchronized Optional<Kept> recall(Question question, SchemaState state) {
        return Optional.ofNullable(kept.get(new Place(question, state.session())))
                .filter(entry -> entry.catalog().equals(state.catalog()));
    }

    /** Takes the place of what was found in an earlier state. */
    synchronized void keep(Question question, SchemaState state, Kept found) {
        kept.put(new Place(question, state.session()), found);
        if (kept.size() > MOST) {
            kept.remove(kept.keySet().iterator().next());
        }
    }
}
