package db.migration;

import dev.cascadecleanup.CascadeMigration;

/** Run from the module path. */
public class V067__FixCascadeDeleteConstraints extends CascadeMigration {}
