package dev.cascadecleanup.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * A test class that runs once on every database server, which it takes as the only parameter of its constructor, of type
 * {@link TestServer} (or as a field marked {@code @Parameter}). A server that cannot be reached is reported as skipped,
 * with the reason, before anything of the class runs on it.
 *
 * <p>What is to happen once per server belongs in static methods marked {@code @BeforeParameterizedClassInvocation} and
 * {@code @AfterParameterizedClassInvocation}, which may take the server as a parameter; JUnit calls {@code @BeforeAll}
 * once for all servers together.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Tag(ContractTest.TAG)
@ParameterizedClass(name = "{0}", allowZeroInvocations = true)
@ArgumentsSource(ContractServers.class)
@ExtendWith({SkipUnreachableServer.class, NameServerOfFailure.class})
public @interface ContractTest {

    /** By which the profile {@code cockroach} finds them. */
    String TAG = "contract";

    /**
     * The kinds of server to which the contract applies; the others are not even listed as skipped. Where none is left, because the run was
     * told to leave out all servers of that kind, nothing of the class runs.
     */
    DatabaseKind[] only() default {DatabaseKind.POSTGRESQL, DatabaseKind.COCKROACHDB};

    /**
     * Whether of the PostgreSQL versions the oldest and the newest are enough: for classes whose subject does not depend on how a
     * version's catalog looks. {@code mvn verify -Pmatrix} runs these on all of them too.
     */
    boolean oldestAndNewest() default false;

    /** The kinds on which {@code -Pmatrix} alone runs it: for classes that take minutes there and try what another one has tried. */
    DatabaseKind[] matrixOnly() default {};
}
