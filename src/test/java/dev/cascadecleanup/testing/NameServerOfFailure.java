package dev.cascadecleanup.testing;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.params.ParameterInfo;
import org.opentest4j.TestAbortedException;

/** Says in the stack trace of a failed {@link ContractTest} which server it was: Maven's report only numbers them. */
final class NameServerOfFailure implements TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw named(context, failure);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw named(context, failure);
    }

    private static Throwable named(ExtensionContext context, Throwable failure) {
        if (!(failure instanceof TestAbortedException)) {
            failure.addSuppressed(new FailedOn(server(context)));
        }
        return failure;
    }

    /** The parameter of the class: a method with parameters of its own hides it, and the context around that has it. */
    private static TestServer server(ExtensionContext context) {
        Object first = ParameterInfo.get(context).getArguments().get(0);
        return first instanceof TestServer server
                ? server
                : server(context.getParent().orElseThrow());
    }

    /** No error of its own, hence without a stack trace. */
    private static final class FailedOn extends Exception {

        FailedOn(TestServer server) {
            super(server.displayName(), null, false, false);
        }
    }
}
