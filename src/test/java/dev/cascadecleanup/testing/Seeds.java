package dev.cascadecleanup.testing;

/**
 * The seeds of random schemas that a run is to try.
 *
 * @param first of them
 * @param last of them
 * @param isUsual whether nobody has asked for a number of them, or for one
 */
public record Seeds(long first, long last, boolean isUsual) {

    private static final int ENOUGH = 100;

    /**
     * From the system properties {@code cascade.test.NAMEs}, how many, and {@code cascade.test.NAME.seed}, the first, or the only one.
     *
     * @param first where nobody has set another
     * @param otherwise how many where nobody has asked for a number
     */
    public static Seeds of(String name, long first, int otherwise) {
        Integer wanted = Integer.getInteger("cascade.test." + name + 's');
        Long from = Long.getLong("cascade.test." + name + ".seed");
        int count = wanted != null ? wanted : from != null ? 1 : otherwise;
        long begin = from != null ? from : first;
        return new Seeds(begin, begin + count - 1, wanted == null && from == null);
    }

    /** Whether each kind of thing has to turn up among them. */
    public boolean areEnough() {
        return last - first >= ENOUGH;
    }
}
