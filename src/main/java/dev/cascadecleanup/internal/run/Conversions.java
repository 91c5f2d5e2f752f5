package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.MigrationReport;
import dev.cascadecleanup.Outcome;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.internal.engine.Engine;
import dev.cascadecleanup.internal.engine.ForeignKeyChangedException;
import dev.cascadecleanup.internal.engine.JournalStep;
import dev.cascadecleanup.internal.engine.MigrationLock;
import dev.cascadecleanup.internal.jdbc.SqlErrors;
import dev.cascadecleanup.internal.journal.JournalEntry;
import dev.cascadecleanup.internal.journal.MigrationIdentity;
import dev.cascadecleanup.internal.plan.TemporaryNames;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;

/** Converts foreign keys one after the other. */
final class Conversions {

    private final Session session;
    private final MigrationIdentity identity;
    private final UUID run;
    private final ConversionProgress progress;
    private final ConversionLog log;
    private final BiConsumer<String, Outcome> note;
    private final Set<Long> passedOver = new HashSet<>();

    /** @param note hears what has become of each */
    Conversions(
            Session session,
            MigrationIdentity identity,
            UUID run,
            ConversionProgress progress,
            ConversionLog log,
            BiConsumer<String, Outcome> note) {
        this.session = session;
        this.identity = identity;
        this.run = run;
        this.progress = progress;
        this.log = log;
        this.note = note;
    }

    /** The rest is to be done first, where rows stand in the way of one. */
    List<Conversion> of(CascadePlan plan) {
        return plan.conversions().stream()
                .filter(conversion ->
                        !passedOver.contains(conversion.foreignKey().oid()))
                .toList();
    }

    /**
     * Converts these.
     *
     * @throws CascadeException at the first that fails
     */
    void convert(Engine engine, MigrationLock lock, List<Conversion> conversions) {
        int width = String.valueOf(conversions.size()).length();
        for (int i = 0; i < conversions.size(); i++) {
            Conversion conversion = conversions.get(i);
            String number = ("[%" + width + "d/%d] ").formatted(i + 1, conversions.size());
            try {
                lock.ensureHeld();
                convertOne(engine, conversion, number);
            } catch (ForeignKeyChangedException e) {
                progress.ended();
                session.console().warn(number + e.getMessage() + "; it is looked at again");
            } catch (SQLException e) {
                throw new CascadeException(
                        "the cascade migration failed at " + number + conversion.foreignKey() + ": "
                                + SqlErrors.describe(e) + ". " + progress.describe() + ". " + progress.howToResume(),
                        e);
            }
        }
    }

    private void convertOne(Engine engine, Conversion conversion, String number)
            throws SQLException, ForeignKeyChangedException {
        long began = System.nanoTime();
        ForeignKey fk = conversion.foreignKey();
        JournalEntry entry = JournalEntry.begin(
                run,
                identity,
                fk,
                conversion.target(),
                TemporaryNames.of(fk.table().name(), fk.name()));
        progress.begins(entry);
        Outcome outcome = engine.convert(conversion, JournalStep.conversion(session.journal(), entry));
        progress.ended();
        Duration elapsed = Duration.ofNanos(System.nanoTime() - began);
        note.accept(fk.toString(), outcome);
        if (outcome.kind() == Outcome.Kind.ORPHANS_IN_THE_WAY) {
            passedOver.add(fk.oid());
            log.passedOver(number, fk, outcome);
            return;
        }
        progress.add(new MigrationReport.Converted(conversion, outcome, elapsed));
        log.converted(number, conversion, outcome, elapsed);
    }
}
