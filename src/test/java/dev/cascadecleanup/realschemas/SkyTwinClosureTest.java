package dev.cascadecleanup.realschemas;

import dev.cascadecleanup.testing.TestServer;

class SkyTwinClosureTest extends OneDeleteErasesEverything {

    SkyTwinClosureTest(TestServer server) {
        super(server, RealSchema.SKYTWIN);
    }
}
