package dev.cascadecleanup.realschemas;

import dev.cascadecleanup.testing.TestServer;

class ZivoHealthTest extends OneDeleteErasesAPerson {

    ZivoHealthTest(TestServer server) {
        super(server, RealSchema.ZIVOHEALTH);
    }
}
