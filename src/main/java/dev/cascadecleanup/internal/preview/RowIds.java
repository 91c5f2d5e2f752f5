package dev.cascadecleanup.internal.preview;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Row ids as numbers, and back. */
interface RowIds {

    /** No number at all. */
    long UNKNOWN = Long.MIN_VALUE;

    /** The number of an id; a new one if need be. */
    long encode(String id);

    /** The number of an id, {@link #UNKNOWN} if it never had one. */
    long find(String id);

    /** The id with this number. */
    String decode(long code);

    /** PostgreSQL's {@code ctid}, {@code (block,offset)}. */
    final class Tids implements RowIds {

        private static final int OFFSET_BITS = 16;

        @Override
        public long encode(String id) {
            int comma = id.indexOf(',');
            long block = Long.parseLong(id, 1, comma, 10);
            return block << OFFSET_BITS | Integer.parseInt(id, comma + 1, id.length() - 1, 10);
        }

        @Override
        public long find(String id) {
            return encode(id);
        }

        @Override
        public String decode(long code) {
            return "(" + (code >>> OFFSET_BITS) + ',' + (code & (1 << OFFSET_BITS) - 1) + ')';
        }
    }

    /** A whole number as the primary key. */
    final class Numbers implements RowIds {

        @Override
        public long encode(String id) {
            // The least of all would be UNKNOWN; it shares its number with the greatest, which nobody has either.
            return Math.max(Long.parseLong(id), UNKNOWN + 1);
        }

        @Override
        public long find(String id) {
            return encode(id);
        }

        @Override
        public String decode(long code) {
            return Long.toString(code);
        }
    }

    /** Any other primary key. */
    final class Texts implements RowIds {

        private final Map<String, Long> codes = new HashMap<>();
        private final List<String> texts = new ArrayList<>();

        @Override
        public long encode(String id) {
            return codes.computeIfAbsent(id, text -> {
                texts.add(text);
                return (long) texts.size() - 1;
            });
        }

        @Override
        public long find(String id) {
            return codes.getOrDefault(id, UNKNOWN);
        }

        @Override
        public String decode(long code) {
            return texts.get((int) code);
        }
    }
}
