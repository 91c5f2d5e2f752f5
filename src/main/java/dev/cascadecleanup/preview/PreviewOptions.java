package dev.cascadecleanup.preview;

import java.util.Objects;

/**
 * How a preview is made.
 *
 * @param after the schema that it is about: as it is, or as a migration would leave it
 * @param limit stop counting at about so many rows; 0 for no limit
 * @param sampleKeys how many primary keys to show of each kind of row; 0 for none
 * @param triggersTrusted whether to take it that no trigger or rule of the schema's own changes what the delete does; otherwise the
 *     verdict is {@link PreviewVerdict#NOT_SEEN} where one is on the way
 * @param followerReads CockroachDB: read from the nearest replica, some seconds in the past ({@code follower_read_timestamp()}, manual,
 *     Follower Reads)
 */
public record PreviewOptions(After after, long limit, int sampleKeys, boolean triggersTrusted, boolean followerReads) {

    /** Which schema a preview is about. */
    public enum After {
        /** As it is. */
        TODAY("today"),
        /** As a migration with {@code cascade_scope = direct} would leave it. */
        DIRECT("after direct"),
        /** As a migration with {@code cascade_scope = closure} would leave it. */
        CLOSURE("after closure");

        private final String words;

        After(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    private static final PreviewOptions DEFAULTS = new PreviewOptions(After.TODAY, 0, 3, false, false);

    public PreviewOptions {
        Objects.requireNonNull(after, "after");
        if (limit < 0 || sampleKeys < 0) {
            throw new IllegalArgumentException("limit and sampleKeys are not negative");
        }
    }

    /** The schema as it is, everything counted, three keys of each kind. */
    public static PreviewOptions defaults() {
        return DEFAULTS;
    }

    /** The same about another schema. */
    public PreviewOptions withAfter(After other) {
        return new PreviewOptions(other, limit, sampleKeys, triggersTrusted, followerReads);
    }

    /** The same, counting to about so many rows. */
    public PreviewOptions withLimit(long rows) {
        return new PreviewOptions(after, rows, sampleKeys, triggersTrusted, followerReads);
    }

    /** The same with so many keys. */
    public PreviewOptions withSampleKeys(int keys) {
        return new PreviewOptions(after, limit, keys, triggersTrusted, followerReads);
    }

    /** The same, trusting triggers and rules or not. */
    public PreviewOptions withTriggersTrusted(boolean trusted) {
        return new PreviewOptions(after, limit, sampleKeys, trusted, followerReads);
    }

    /** The same, with follower reads or without. */
    public PreviewOptions withFollowerReads(boolean follower) {
        return new PreviewOptions(after, limit, sampleKeys, triggersTrusted, follower);
    }
}
