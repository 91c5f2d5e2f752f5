package dev.cascadecleanup.testing;

import org.junit.jupiter.api.extension.BeforeClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterInfo;

/** Opens the server of a {@link ContractTest} before the class's own set-up, and skips the class if it cannot be reached. */
final class SkipUnreachableServer implements BeforeClassTemplateInvocationCallback {

    @Override
    public void beforeClassTemplateInvocation(ExtensionContext context) {
        ParameterInfo.get(context).getArguments().get(0, TestServer.class).assumeReachable();
    }
}
