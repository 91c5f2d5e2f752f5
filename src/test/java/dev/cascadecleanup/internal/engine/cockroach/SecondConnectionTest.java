package dev.cascadecleanup.internal.engine.cockroach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of the second connection when the run has ended while it was still being waited for, as in a pool of two under Flyway. */
@Timeout(60)
class SecondConnectionTest {

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch free = new CountDownLatch(1);
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger worked = new AtomicInteger();
    private final SecondConnection second = new SecondConnection(pool());

    @Test
    void nobodyKeepsOneOfARunThatHasEnded() throws Exception {
        Thread lease = start();
        asked.await();
        Thread watchdog = start();
        while (watchdog.getState() != Thread.State.BLOCKED) {
            Thread.onSpinWait();
        }
        second.end();
        free.countDown();
        lease.join();
        watchdog.join();

        assertThat(open).as("connections out of the pool").hasValue(0);
        assertThat(worked).as("statements of a run that has ended").hasValue(0);
        assertThatThrownBy(() -> second.visit(connection -> worked.incrementAndGet()))
                .hasMessageContaining("ended");
        assertThat(open).hasValue(0);
    }

    @Test
    void whoIsAtWorkFinishesAndGivesItBack() throws Exception {
        free.countDown();
        second.visit(connection -> {
            second.end();
            worked.incrementAndGet();
        });
        assertThat(worked).hasValue(1);
        assertThat(open).hasValue(0);
    }

    private Thread start() {
        Thread thread = new Thread(() -> {
            try {
                second.visit(connection -> worked.incrementAndGet());
            } catch (SQLException e) {
                // As is to be expected.
            }
        });
        thread.start();
        return thread;
    }

    /** Has no connection to give until one is free. */
    private DataSource pool() {
        return proxy(DataSource.class, method -> {
            if (!method.equals("getConnection")) {
                return null;
            }
            asked.countDown();
            free.await();
            open.incrementAndGet();
            return connection();
        });
    }

    private Connection connection() {
        return proxy(Connection.class, method -> switch (method) {
            case "close" -> {
                open.decrementAndGet();
                yield null;
            }
            case "getAutoCommit", "isValid" -> true;
            case "isClosed" -> false;
            default -> null;
        });
    }

    private interface Answers {
        Object to(String method) throws Exception;
    }

    private static <T> T proxy(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                SecondConnectionTest.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answers.to(method.getName())));
    }
}
