package dev.cascadecleanup.testing;

/** The server of the benchmark. */
public final class BenchmarkServer {

    private BenchmarkServer() {}

    /** The one that {@code cascade.test.url} names, or a PostgreSQL of its own that is set up as PostgreSQL comes. */
    public static TestServer open() {
        return ServerByUrl.server().orElseGet(Postgres::asItComes);
    }
}
