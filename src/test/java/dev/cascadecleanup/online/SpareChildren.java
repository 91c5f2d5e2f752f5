package dev.cascadecleanup.online;

import java.util.ArrayDeque;
import java.util.Deque;

/** Child processes that start while others are at work, so that a kill does not cost the start of a JVM. */
final class SpareChildren implements AutoCloseable {

    private static final int SPARE = 2;

    private final Deque<ChildJvm> spare = new ArrayDeque<>();

    ChildJvm take() throws Exception {
        while (spare.size() < SPARE) {
            spare.addLast(ChildJvm.start());
        }
        return spare.removeFirst();
    }

    /** A child that came through alive is used again. */
    void giveBack(ChildJvm child, boolean alive) throws InterruptedException {
        if (alive) {
            spare.addFirst(child);
        } else {
            child.close();
        }
    }

    @Override
    public void close() throws Exception {
        for (ChildJvm child = spare.poll(); child != null; child = spare.poll()) {
            child.close();
        }
    }
}
