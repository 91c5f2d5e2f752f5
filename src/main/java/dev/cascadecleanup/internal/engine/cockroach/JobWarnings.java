package dev.cascadecleanup.internal.engine.cockroach;

import dev.cascadecleanup.Console;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Says once what an operator has to know about jobs and sessions, whoever notices it first: the engine or its watchdog. */
final class JobWarnings {

    private final Console console;
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    JobWarnings(Console console) {
        this.console = console;
    }

    /** Nothing goes on while a job is paused, and the client does not even get an error. */
    void paused(String subject, List<SchemaJob> jobs) {
        for (SchemaJob job : jobs) {
            if (job.isPaused() && said.add("paused " + job.id())) {
                console.warn(subject + " waits for " + job.describe()
                        + ", which somebody paused. To let it go on: RESUME JOB " + job.id());
            }
        }
    }

    /** A schema change waits for every transaction that used the table before it. */
    void openTransactions(String subject, List<OpenTransaction> transactions) {
        for (OpenTransaction transaction : transactions) {
            if (said.add("transaction " + transaction.id())) {
                console.warn(subject + " may be waiting for " + transaction.describe()
                        + ". Wait for its end, or end it with:" + " CANCEL SESSION '" + transaction.sessionId() + "'");
            }
        }
    }

    /** The role may not see other sessions. */
    void openTransactionsUnknown(String subject) {
        if (said.add("transactions unknown " + subject)) {
            console.info(subject
                    + " takes long: it reads the whole table, or waits for a transaction that used one of the two tables"
                    + " before. A role with admin or VIEWACTIVITY sees those in SHOW TRANSACTIONS and SHOW SESSIONS, and can end one"
                    + " with CANCEL SESSION");
        }
    }

    void noMonitor(String reason) {
        if (said.add("no monitor")) {
            console.info("no second connection to watch the schema changes with (" + reason
                    + "): paused jobs and transactions in the"
                    + " way will not be reported while a statement waits for them");
        }
    }
}
