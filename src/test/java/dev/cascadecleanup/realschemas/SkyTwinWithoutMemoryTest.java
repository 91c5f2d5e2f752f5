package dev.cascadecleanup.realschemas;

import dev.cascadecleanup.testing.TestServer;

class SkyTwinWithoutMemoryTest extends OneDeleteErasesAPerson {

    SkyTwinWithoutMemoryTest(TestServer server) {
        super(server, RealSchema.SKYTWIN_WITHOUT_MEMORY);
    }
}
