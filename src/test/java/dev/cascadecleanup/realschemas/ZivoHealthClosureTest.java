package dev.cascadecleanup.realschemas;

import dev.cascadecleanup.testing.TestServer;

class ZivoHealthClosureTest extends OneDeleteErasesEverything {

    ZivoHealthClosureTest(TestServer server) {
        super(server, RealSchema.ZIVOHEALTH);
    }
}
