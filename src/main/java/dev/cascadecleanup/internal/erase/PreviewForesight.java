package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.internal.preview.Enough;
import dev.cascadecleanup.internal.preview.PlainSchema;
import dev.cascadecleanup.internal.preview.PreviewRun;
import dev.cascadecleanup.preview.PreviewReport;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The preview's. */
record PreviewForesight(PreviewRun preview) implements Foresight {

    /** CockroachDB has no estimates of one person's rows, and counts them all. */
    static PreviewForesight of(PreviewRun preview, Server server, EraseOptions options) {
        return new PreviewForesight(
                server.product() == Product.POSTGRESQL
                        ? preview.counting(new Enough(options.drainAbove(), Drain.least(options)))
                        : preview);
    }

    @Override
    public @Nullable PlainSchema plain() {
        return preview.plain();
    }

    @Override
    public Outlook look(String key) throws SQLException {
        PreviewReport report = preview.run(List.of(key));
        Verdict verdict = switch (report.verdict()) {
            case SUCCEEDS -> Verdict.SUCCEEDS;
            case ORDER_DECIDES -> report.taking().isEmpty() ? Verdict.OPEN : Verdict.NO;
            case REFUSED, TAKES_OTHERS_ROWS, LEAVES_ROWS_BEHIND -> Verdict.NO;
            case NOT_SEEN -> Verdict.NOT_SEEN;
        };
        Map<TableName, Long> rows = new HashMap<>();
        report.tables().forEach(table -> rows.merge(table.table(), table.deleted(), Long::sum));
        return new Outlook(verdict, report.reasons(), report.rowsDeleted(), rows);
    }
}
