package dev.cascadecleanup.online;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Work on a thread of its own, whose failure does not get lost. */
final class Background<T> {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final FutureTask<T> task;

    private Background(Callable<T> work, String name) {
        task = new FutureTask<>(work);
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    static <T> Background<T> start(String name, Callable<T> work) {
        return new Background<>(work, name);
    }

    boolean isDone() {
        return task.isDone();
    }

    /** The result; rethrows what the work threw. */
    T join() throws Exception {
        try {
            return task.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception exception) {
                throw exception;
            }
            throw e;
        }
    }

    /** What the work threw, or null if it succeeded. */
    Throwable failure() throws Exception {
        try {
            task.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }
}
