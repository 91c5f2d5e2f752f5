package dev.cascadecleanup.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import java.io.File;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A service that is a module of its own, run from the module path. */
class ModulesIT {

    private static Path service;

    @BeforeAll
    static void build() {
        service = Consumers.copy("modules");
        Consumers.maven(service, "compile").run().requireSuccess();
    }

    @Test
    void coreMigratesFromTheModulePath() throws Exception {
        try (TestDatabase database = Postgres.newest().createDatabase()) {
            Output output = start("-core", database).requireSuccess();
            assertThat(output.out())
                    .contains("migrated to 067", "proof: PASSED", "modules: com.example.service, dev.cascadecleanup");
            assertThat(database.<String>value(
                            "SELECT confdeltype::text FROM pg_constraint WHERE conname = 'addresses_of_users'"))
                    .isEqualTo("c");
        }
    }

    /** Two modules cannot have one package, and V060 has to be in db.migration: so the pages say that this one is for the class path. */
    @Test
    void theDefaultJarSharesThePackageWithTheService() throws Exception {
        try (TestDatabase database = Postgres.newest().createDatabase()) {
            assertThat(start("", database).requireFailure().all()).contains("package db.migration");
        }
    }

    private static Output start(String classifier, TestDatabase database) {
        return Program.java(
                        service,
                        "--module-path",
                        String.join(
                                File.pathSeparator,
                                service.resolve("target").resolve("classes").toString(),
                                Consumers.jar(classifier).toString(),
                                service.resolve("lib").toString()),
                        "--module",
                        "com.example.service/com.example.service.Main",
                        database.jdbcUrl(),
                        database.user(),
                        database.password())
                .run();
    }
}
