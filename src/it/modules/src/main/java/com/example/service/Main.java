package com.example.service;

import dev.cascadecleanup.CascadeAssertions;
import dev.cascadecleanup.CascadeCleanup;
import org.flywaydb.core.Flyway;

/** A service on the module path that migrates when it starts. */
public final class Main {

    private Main() {}

    public static void main(String[] connection) {
        Flyway flyway = Flyway.configure()
                .dataSource(connection[0], connection[1], connection[2])
                .load();
        System.out.println("migrated to " + flyway.migrate().targetSchemaVersion);
        CascadeAssertions.assertDeletesCascade(flyway.getConfiguration());
        System.out.println(
                "proof: " + CascadeCleanup.of(flyway.getConfiguration()).prove().verdict());
        System.out.println("modules: " + Main.class.getModule().getName() + ", "
                + CascadeCleanup.class.getModule().getName());
    }
}
