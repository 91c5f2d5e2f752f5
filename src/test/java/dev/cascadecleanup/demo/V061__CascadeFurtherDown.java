package dev.cascadecleanup.demo;

import dev.cascadecleanup.CascadeMigration;
import dev.cascadecleanup.CascadeOptions.Scope;

/** What a service adds when the plan says that something further down would still refuse the delete. */
public class V061__CascadeFurtherDown extends CascadeMigration {

    @Override
    protected Scope scope() {
        return Scope.CLOSURE;
    }
}
