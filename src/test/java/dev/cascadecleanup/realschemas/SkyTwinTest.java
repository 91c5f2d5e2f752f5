package dev.cascadecleanup.realschemas;

import dev.cascadecleanup.testing.TestServer;

class SkyTwinTest extends OneDeleteErasesAPerson {

    SkyTwinTest(TestServer server) {
        super(server, RealSchema.SKYTWIN);
    }
}
