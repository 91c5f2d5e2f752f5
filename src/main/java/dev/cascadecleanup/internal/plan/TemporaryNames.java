package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Names for constraints that stand in for another one for a moment. The same constraint always gets the same name, so that a run
 * after a crash recognises its own half-done work; and it fits into PostgreSQL's 63 bytes (manual, 4.1.1).
 */
public final class TemporaryNames {

    static final int MAX_BYTES = 63;
    private static final String MARK = "_cctmp_";

    private TemporaryNames() {}

    /** The stand-in for this constraint of this table. */
    public static String of(TableName table, String constraint) {
        String suffix = MARK + hash(table.schema() + '\0' + table.name() + '\0' + constraint);
        return truncate(constraint, MAX_BYTES - suffix.length()) + suffix;
    }

    /** The stand-ins among the foreign keys of a graph: left by an interrupted run, on the constraint's table or a partition of it. */
    public static List<ForeignKey> standIns(ForeignKeyGraph graph) {
        List<ForeignKey> marked = graph.foreignKeys().stream()
                .filter(fk -> fk.name().contains(MARK))
                .toList();
        if (marked.isEmpty()) {
            return List.of();
        }
        Map<String, List<ForeignKey>> standsInFor = graph.foreignKeys().stream()
                .collect(Collectors.groupingBy(fk -> of(fk.table().name(), fk.name())));
        return marked.stream()
                .filter(standIn -> standsInFor.getOrDefault(standIn.name(), List.of()).stream()
                        .anyMatch(fk -> graph.withDescendants(fk.table()).contains(standIn.table())))
                .toList();
    }

    /** The foreign keys of a graph that are no stand-ins. */
    static List<ForeignKey> withoutStandIns(ForeignKeyGraph graph) {
        Set<ForeignKey> standIns = Set.copyOf(standIns(graph));
        return graph.foreignKeys().stream().filter(fk -> !standIns.contains(fk)).toList();
    }

    static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 5);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Cuts after whole characters, as the server itself does. */
    static String truncate(String text, int bytes) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        if (encoded.length <= bytes) {
            return text;
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.IGNORE);
        CharBuffer kept = CharBuffer.allocate(bytes);
        decoder.decode(ByteBuffer.wrap(encoded, 0, bytes), kept, true);
        return kept.flip().toString();
    }
}
