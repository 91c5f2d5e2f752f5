package db.migration;

public class V067__FixCascadeDeleteConstraints extends dev.cascadecleanup.CascadeMigration {}
