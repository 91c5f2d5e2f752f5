package dev.cascadecleanup.realschemas;

import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;

@ContractTest(oldestAndNewest = true, matrixOnly = DatabaseKind.COCKROACHDB)
class SkyTwinWithoutMemoryTest extends OneDeleteErasesAPerson {

    SkyTwinWithoutMemoryTest(TestServer server) {
        super(server, RealSchema.SKYTWIN_WITHOUT_MEMORY);
    }
}
