package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.engine.ConstraintSql;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the code costs that needs no database, by JMH: {@code mvn -q -Pbenchmark test-compile exec:exec@jmh}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class PlanCost {

    /** Half of them are on users, and the other half one table further down. */
    @Param({"10", "100", "1000", "10000"})
    public int foreignKeys;

    private ForeignKeyGraph open;
    private ForeignKeyGraph done;
    private List<Conversion> conversions;

    @Setup
    public void build() {
        open = graph(ReferentialAction.NO_ACTION);
        done = graph(ReferentialAction.CASCADE);
        conversions = plan(open, CascadeOptions.Scope.CLOSURE).conversions();
    }

    private ForeignKeyGraph graph(ReferentialAction onDelete) {
        GraphByHand graph = new GraphByHand();
        Table users = graph.table("users");
        for (int i = 0; i < foreignKeys / 2; i++) {
            Table child = graph.table("child_" + i);
            Table grandchild = graph.table("grandchild_" + i);
            graph.foreignKey("child_" + i + "_user_id_fkey", child, users, traits -> traits.onDelete = onDelete);
            graph.foreignKey("grandchild_" + i + "_child_id_fkey", grandchild, child, traits -> {
                traits.columns = List.of("child_id");
                traits.onDelete = onDelete;
            });
        }
        return graph.graph();
    }

    private static CascadePlan plan(ForeignKeyGraph graph, CascadeOptions.Scope scope) {
        return CascadePlanner.plan(
                graph,
                GraphByHand.postgres(),
                "public",
                CascadeOptions.defaults().toBuilder().scope(scope).build());
    }

    @Benchmark
    public Object planDirect() {
        return plan(open, CascadeOptions.Scope.DIRECT);
    }

    @Benchmark
    public Object planClosure() {
        return plan(open, CascadeOptions.Scope.CLOSURE);
    }

    @Benchmark
    public Object planNothing() {
        return plan(done, CascadeOptions.Scope.CLOSURE);
    }

    @Benchmark
    public Object followCascades() {
        return plan(done, CascadeOptions.Scope.DIRECT).reach();
    }

    @Benchmark
    public int writeSql() {
        int length = 0;
        for (Conversion conversion : conversions) {
            String name = conversion.foreignKey().name();
            length += ConstraintSql.alter(
                            conversion.foreignKey().table().name(),
                            ConstraintSql.drop(name),
                            ConstraintSql.add(name, conversion.target()))
                    .length();
        }
        return length;
    }
}
