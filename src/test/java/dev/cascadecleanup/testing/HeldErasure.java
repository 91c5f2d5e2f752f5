package dev.cascadecleanup.testing;

import dev.cascadecleanup.erase.ErasureListener;
import java.util.concurrent.CountDownLatch;

/** Holds an erasure up before its first step, when it has the lock on the person, until it may go on. */
public final class HeldErasure implements ErasureListener, AutoCloseable {

    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch mayGoOn = new CountDownLatch(1);

    @Override
    public void beforeDrain(String key) {
        held.countDown();
        try {
            mayGoOn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Whether it has come that far. */
    public boolean isHeld() {
        return held.getCount() == 0;
    }

    /** Returns when it has. */
    public void awaitHeld() throws InterruptedException {
        held.await();
    }

    /** Lets it go on. */
    @Override
    public void close() {
        mayGoOn.countDown();
    }
}
