package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.internal.catalog.Catalog;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.plan.CascadePlanner;
import dev.cascadecleanup.internal.proof.row.BrokenTransactionException;
import dev.cascadecleanup.internal.proof.row.StartAgainException;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Reach;
import dev.cascadecleanup.proof.ProofHints;
import dev.cascadecleanup.proof.ProofReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Proves for one parent table after the other. A transaction that loses against others is tried again. */
public final class ProofRun {

    private static final int ATTEMPTS = 5;

    private final Connection connection;
    private final Catalog catalog;
    private final Server server;
    private final CascadeOptions options;
    private final ProofHints hints;

    /**
     * On a borrowed connection outside a transaction, which is given back as it was.
     *
     * @param options what has been decided about foreign keys
     */
    public ProofRun(Connection connection, Catalog catalog, Server server, CascadeOptions options, ProofHints hints) {
        this.connection = connection;
        this.catalog = catalog;
        this.server = server;
        this.options = options;
        this.hints = hints;
    }

    /**
     * Proves.
     *
     * @param plan names the parents, and what to decide about what is open
     * @param defaultSchema where the parents are looked up first, or null
     * @param undeclaredReferences what the audit counts of them
     * @throws ProofRefusedException if it could leave a trace, or a hint is wrong; then nothing was changed
     * @throws SQLException if the connection is lost, or a statement that only reads fails
     */
    public ProofReport run(CascadePlan plan, String defaultSchema, int undeclaredReferences) throws SQLException {
        if (server.readOnly()) {
            throw new ProofRefusedException(
                    "the server or the session is read-only (a standby, or default_transaction_read_only)",
                    "Connect to the primary with a session that may write");
        }
        ForeignKeyGraph graph = catalog.read();
        ResolvedHints resolved = new ResolvedHints(graph, hints);
        resolved.check();
        List<ProofReport.ParentProof> proofs = new ArrayList<>();
        for (Reach today : CascadePlanner.today(graph, server, defaultSchema, options)) {
            proofs.add(repeatedly(new ParentProver(
                    connection,
                    server,
                    graph,
                    ReachedTables.of(graph, today.parent(), resolved.skipped()),
                    new Predictions(today, plan, CascadePlanner.inheritedRows(graph, options)),
                    resolved,
                    hints.firstRun())));
        }
        return new ProofReport(proofs, undeclaredReferences);
    }

    private static ProofReport.ParentProof repeatedly(ParentProver prover) throws SQLException {
        StartAgainException last = null;
        for (int attempt = 1; ; attempt++) {
            try {
                return prover.prove();
            } catch (StartAgainException e) {
                if (last != null) {
                    e.addSuppressed(last);
                }
                if (attempt == ATTEMPTS) {
                    throw e.getCause();
                }
                last = e;
            } catch (BrokenTransactionException e) {
                throw e.getCause();
            }
        }
    }
}
