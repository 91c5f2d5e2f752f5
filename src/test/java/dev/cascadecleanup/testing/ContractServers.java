package dev.cascadecleanup.testing;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.AnnotationBasedArgumentsProvider;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** Lists every server of the wanted kinds, reachable or not, so that a missing one shows up as skipped. */
final class ContractServers extends AnnotationBasedArgumentsProvider<ContractTest> {

    private static final boolean MATRIX = Boolean.getBoolean("cascade.matrix");

    @Override
    protected Stream<? extends Arguments> provideArguments(
            ParameterDeclarations parameters, ExtensionContext context, ContractTest contract) {
        List<DatabaseKind> kinds = List.of(contract.only());
        return Stream.of(
                        (contract.oldestAndNewest() && !MATRIX ? Postgres.oldestAndNewest() : Postgres.all()).stream(),
                        CockroachInDocker.servers().stream(),
                        ServerByUrl.server().stream())
                .flatMap(servers -> servers)
                .filter(server -> server.mayBeOneOf(kinds))
                .filter(server -> MATRIX || !List.of(contract.matrixOnly()).contains(server.kind()))
                .map(Arguments::of);
    }
}
