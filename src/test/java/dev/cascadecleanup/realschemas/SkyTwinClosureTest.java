package dev.cascadecleanup.realschemas;

import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;

@ContractTest(oldestAndNewest = true, matrixOnly = DatabaseKind.COCKROACHDB)
class SkyTwinClosureTest extends OneDeleteErasesEverything {

    SkyTwinClosureTest(TestServer server) {
        super(server, RealSchema.SKYTWIN);
    }
}
