package dev.cascadecleanup.online;

import dev.cascadecleanup.testing.Gate;
import dev.cascadecleanup.testing.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The statements of an undisturbed run on PostgreSQL at which others of its kind will die. Whoever dies before a statement leaves the same
 * behind as whoever dies after the one before it, unless a transaction has begun to write, or has ended, between the two.
 */
final class Stops implements Gate {

    private static final boolean MATRIX = Boolean.getBoolean("cascade.matrix");

    private final TestDatabase database;
    private final Pattern statements;
    private final List<String> texts = new ArrayList<>();
    private final List<Boolean> newBefore = new ArrayList<>();
    private String transactions = "";

    Stops(TestDatabase database, Pattern statements) {
        this.database = database;
        this.statements = statements;
    }

    /** How many there are. */
    int count() {
        return texts.size();
    }

    /** The statement of this number, from 1; empty where there is none. */
    Optional<String> at(int number) {
        return number <= count() ? Optional.of(texts.get(number - 1)) : Optional.empty();
    }

    /** Whether death before this one, from 1, is left to the matrix, because death after the one before it is the same. */
    boolean isTheSameBefore(int number) {
        return !MATRIX && number <= count() && !newBefore.get(number - 1);
    }

    @Override
    public void before(String sql) throws SQLException {
        if (statements.matcher(sql).find()) {
            texts.add(sql);
            newBefore.add(!transactions.equals(transactions()));
        }
    }

    @Override
    public void after(String sql) throws SQLException {
        if (statements.matcher(sql).find()) {
            transactions = transactions();
        }
    }

    /** Which have a number, and which of them are under way (manual, pg_snapshot Components). */
    private String transactions() throws SQLException {
        return database.value("SELECT pg_catalog.pg_current_snapshot()::pg_catalog.text");
    }
}
