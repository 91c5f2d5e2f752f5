package dev.cascadecleanup;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.List;
import java.util.stream.Stream;

/** The cut of DESIGN §3: follow the data, one direction. */
@AnalyzeClasses(packages = {"dev.cascadecleanup", "db"}, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final List<String> BELOW_THE_FACADE = Stream.of("jdbc", "catalog", "json", "plan", "journal", "engine", "audit",
                    "proof", "proof.check", "proof.value", "proof.schema", "proof.row")
            .map("dev.cascadecleanup."::concat)
            .toList();
    private static final String FACADE = "dev.cascadecleanup";
    private static final String[] DOORS = {"db.migration", "dev.cascadecleanup.undo"};
    /** A door too, but one that shows what the facade gives, and that brings its own libraries. */
    private static final String COMMAND_LINE = "dev.cascadecleanup.cli";

    @ArchTest
    static final ArchRule everyPackageKnowsOnlyThoseAboveIt = layeredArchitecture().consideringOnlyDependenciesInLayers()
            .layer("jdbc").definedBy("dev.cascadecleanup.jdbc")
            .layer("catalog").definedBy("dev.cascadecleanup.catalog")
            .layer("json").definedBy("dev.cascadecleanup.json")
            .layer("plan").definedBy("dev.cascadecleanup.plan")
            .layer("journal").definedBy("dev.cascadecleanup.journal")
            .layer("engine").definedBy("dev.cascadecleanup.engine")
            .layer("audit").definedBy("dev.cascadecleanup.audit")
            .layer("proof").definedBy("dev.cascadecleanup.proof..")
            .layer("facade").definedBy(FACADE)
            .layer("doors").definedBy(DOORS)
            .layer("cli").definedBy(COMMAND_LINE)
            .whereLayer("cli").mayNotBeAccessedByAnyLayer()
            .whereLayer("doors").mayNotBeAccessedByAnyLayer()
            .whereLayer("facade").mayOnlyBeAccessedByLayers("doors", "cli")
            .whereLayer("audit").mayOnlyBeAccessedByLayers("facade", "cli")
            .whereLayer("proof").mayOnlyBeAccessedByLayers("facade", "doors", "cli")
            .whereLayer("engine").mayOnlyBeAccessedByLayers("facade", "cli")
            .whereLayer("journal").mayOnlyBeAccessedByLayers("engine", "facade")
            .whereLayer("json").mayOnlyBeAccessedByLayers("audit", "proof", "facade", "doors", "cli")
            .whereLayer("plan").mayOnlyBeAccessedByLayers("journal", "engine", "audit", "proof", "facade", "doors", "cli")
            .whereLayer("catalog").mayOnlyBeAccessedByLayers("json", "plan", "journal", "engine", "audit", "proof", "facade", "cli");

    /** A new package has to find its place in the rule above. */
    @ArchTest
    static final ArchRule everyPackageHasItsPlace = classes().should().resideInAnyPackage(
            Stream.concat(BELOW_THE_FACADE.stream(), Stream.concat(Stream.of(FACADE, COMMAND_LINE), Stream.of(DOORS))).toArray(String[]::new));

    /** Most of the interesting tests need no database because of this. */
    @ArchTest
    static final ArchRule aPlanNeedsNoDatabase = noClasses().that().resideInAPackage("dev.cascadecleanup.plan")
            .should().dependOnClassesThat().resideInAnyPackage("java.sql", "javax.sql");

    /** Values and checks are worked out in memory; only what reads the catalog and what inserts knows a connection. */
    @ArchTest
    static final ArchRule theThinkingPartOfTheProofNeedsNoDatabase = noClasses()
            .that().resideInAnyPackage("dev.cascadecleanup.proof.check", "dev.cascadecleanup.proof.value")
            .should().dependOnClassesThat().resideInAnyPackage("java.sql", "javax.sql");

    @ArchTest
    static final ArchRule whatTheCatalogGivesAwayIsData = noClasses().that().resideInAPackage("dev.cascadecleanup.catalog")
            .and().areRecords()
            .should().dependOnClassesThat().resideInAnyPackage("java.sql", "javax.sql");

    /** Its public, stable part: the rest changes from one Flyway line to the next. {@code JavaMigration} returns the one exception. */
    @ArchTest
    static final ArchRule onlyTheApiOfFlyway = noClasses().should().dependOnClassesThat(
            resideInAPackage("org.flywaydb..")
                    .and(resideOutsideOfPackage("org.flywaydb.core.api.."))
                    .and(not(name("org.flywaydb.core.extensibility.MigrationType"))));

    @ArchTest
    static final ArchRule onlyTheFacadeAndTheDoorsKnowFlyway = noClasses()
            .that().resideInAnyPackage(BELOW_THE_FACADE.toArray(String[]::new))
            .should().dependOnClassesThat().resideInAPackage("org.flywaydb..");

    /** flyway-core is the only dependency, and the application's. */
    @ArchTest
    static final ArchRule nothingButTheJdkAndFlyway = classes().that().resideOutsideOfPackage(COMMAND_LINE)
            .should().onlyDependOnClassesThat().resideInAnyPackage(
            "dev.cascadecleanup..", "db.migration", "java..", "javax.sql", "org.flywaydb..");

    /** Output goes through Flyway's log, so that it appears where Flyway's own does. */
    @ArchTest
    static final ArchRule nothingIsPrinted = noClasses().that().resideOutsideOfPackage(COMMAND_LINE)
            .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);
}
