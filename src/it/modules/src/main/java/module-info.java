module com.example.service {
    requires dev.cascadecleanup;
    requires flyway.core;
    requires java.sql;

    // For Flyway, which makes V067 and reads the SQL beside it: exports alone would not do for the latter.
    opens db.migration;
}
