package dev.cascadecleanup.internal.preview;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;

/** The rows that go and that a foreign key can reference, some thousand at a time. */
final class Chunks implements Iterable<Chunk> {

    private final Edge edge;
    private final Walk walk;

    Chunks(Edge edge, Walk walk) {
        this.edge = edge;
        this.walk = walk;
    }

    @Override
    public Iterator<Chunk> iterator() {
        List<Long> heaps = edge.referencedHeaps().stream()
                .filter(heap -> walk.of(heap) != null)
                .sorted()
                .toList();
        return new Iterator<>() {
            private int heap;
            private int at;

            private RowSet rows() {
                return Objects.requireNonNull(walk.of(heaps.get(heap)));
            }

            @Override
            public boolean hasNext() {
                while (heap < heaps.size() && at >= rows().size()) {
                    heap++;
                    at = 0;
                }
                return heap < heaps.size();
            }

            @Override
            public Chunk next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                RowSet rows = rows();
                int to = Math.min(rows.size(), at + Walk.CHUNK);
                Chunk chunk = rows.chunk(edge.referenced().heap(heaps.get(heap)), at, to);
                at = to;
                return chunk;
            }
        };
    }
}
