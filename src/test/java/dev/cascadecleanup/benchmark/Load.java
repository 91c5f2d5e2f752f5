package dev.cascadecleanup.benchmark;

import dev.cascadecleanup.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Clients at work: each on a connection of its own, their requests spread evenly over time. And one who asks for nothing: what it
 * waits, the JVM and the machine have added to the latency of the others.
 */
final class Load implements AutoCloseable {

    private static final long NANOS = Duration.ofSeconds(1).toNanos();
    private static final long IDLE_INTERVAL = Duration.ofMillis(2).toNanos();

    private final ExecutorService threads;
    private final List<Client> clients = new ArrayList<>();
    private final List<Timeline> timelines = new ArrayList<>();
    private final Timeline idle = new Timeline();
    private final List<Future<?>> loops = new ArrayList<>();
    private volatile long end = Long.MAX_VALUE;

    private Load(int clients) {
        threads = Executors.newFixedThreadPool(clients + 1);
    }

    static Load start(TestDatabase database, Schema schema, Settings settings) throws Exception {
        Load load = new Load(settings.clients());
        for (int i = 0; i < settings.clients(); i++) {
            load.clients.add(new Client(
                    database.dataSource(), schema, i, database.server().isCockroach()));
            load.timelines.add(new Timeline());
        }
        long interval = NANOS / settings.rate();
        long start = Clock.SYSTEM.now() + interval;
        for (int i = 0; i < settings.clients(); i++) {
            OpenLoop loop = new OpenLoop(Clock.SYSTEM, start + i * interval / settings.clients(), interval);
            Client client = load.clients.get(i);
            Timeline timeline = load.timelines.get(i);
            load.loops.add(load.threads.submit(() -> loop.run(() -> load.end, client::request, timeline)));
        }
        load.loops.add(load.threads.submit(
                () -> new OpenLoop(Clock.SYSTEM, start, IDLE_INTERVAL).run(() -> load.end, number -> {}, load.idle)));
        return load;
    }

    /** Returns when the requests that are due by now are answered. */
    Timeline stop() throws Exception {
        end = Clock.SYSTEM.now();
        for (Future<?> loop : loops) {
            loop.get();
        }
        return Timeline.merge(timelines);
    }

    /** What the one waited who asks for nothing, after {@link #stop()}. */
    Timeline idle() {
        return idle;
    }

    /** Also where the work has failed, and nobody waits for the answers. */
    @Override
    public void close() throws Exception {
        end = Clock.SYSTEM.now();
        threads.shutdown();
        threads.awaitTermination(1, TimeUnit.MINUTES);
        for (Client client : clients) {
            client.close();
        }
    }

    /** By SQLSTATE, after {@link #stop()}. */
    Map<String, Integer> failures() {
        Map<String, Integer> failures = new TreeMap<>();
        clients.forEach(
                client -> client.failures().forEach((state, count) -> failures.merge(state, count, Integer::sum)));
        return failures;
    }
}
