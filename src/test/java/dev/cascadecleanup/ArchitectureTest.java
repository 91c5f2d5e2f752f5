package dev.cascadecleanup;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** The rooms of the house, and the one direction in which they know each other. */
@AnalyzeClasses(
        packages = {"dev.cascadecleanup", "db"},
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "dev.cascadecleanup";
    private static final String INTERNAL = "dev.cascadecleanup.internal..";
    /** A door too, but one that shows what the facade gives, and that brings its own libraries. */
    private static final String COMMAND_LINE = "dev.cascadecleanup.cli";
    /** Those of the root that do something; the rest of the API is values, which the rooms within take and give. */
    private static final Set<String> DOORS = Set.of(
            "dev.cascadecleanup.CascadeAssertions",
            "dev.cascadecleanup.CascadeCleanup",
            "dev.cascadecleanup.CascadeGuard",
            "dev.cascadecleanup.CascadeIndexes",
            "dev.cascadecleanup.CascadeMigration",
            "dev.cascadecleanup.CascadeUndoMigration");
    /** From the bottom to the top: a room knows only those before it in this list. src/docs/rooms.svg draws it. */
    static final List<String> ROOMS = List.of(
            "internal.jdbc",
            "catalog",
            "internal.json",
            "plan",
            "audit",
            "proof",
            "preview",
            "values",
            "erase",
            "internal.catalog",
            "internal.plan",
            "internal.journal",
            "internal.audit",
            "internal.proof.check",
            "internal.proof.value",
            "internal.proof.schema",
            "internal.proof.row",
            "internal.proof",
            "internal.preview",
            "internal.engine",
            "internal.engine.postgres",
            "internal.engine.cockroach",
            "internal.indexes",
            "internal.script",
            "internal.erase",
            "internal.run",
            "internal.flyway",
            "internal.guard",
            "doors",
            "undo",
            "db.migration",
            "cli");

    /** The room that a class is in: its package, but for the root, which has doors and values. */
    private static String room(JavaClass type) {
        String name = type.getPackageName();
        if (name.equals(ROOT)) {
            return DOORS.stream()
                            .anyMatch(door -> type.getName().equals(door)
                                    || type.getName().startsWith(door + "$"))
                    ? "doors"
                    : "values";
        }
        return name.startsWith(ROOT + ".") ? name.substring(ROOT.length() + 1) : name;
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().startsWith(ROOT) || type.getPackageName().startsWith("db.");
    }

    /** A new package has to find its place in the list above. */
    @ArchTest
    static final ArchRule everyRoomKnowsOnlyThoseBeforeIt = classes()
            .should(new ArchCondition<>("know only rooms before their own") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    int own = ROOMS.indexOf(room(type));
                    if (own < 0) {
                        events.add(SimpleConditionEvent.violated(type, type.getName() + " is in no room of the list"));
                    }
                    for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                        JavaClass target = dependency.getTargetClass();
                        if (isOurs(target) && ROOMS.indexOf(room(target)) > own) {
                            events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                        }
                    }
                }
            });

    /** What a user can name in code must not change because something inside does. */
    @ArchTest
    static final ArchRule noSignatureOfTheApiMentionsAnInternalType = codeUnits()
            .that(areVisibleToUsers())
            .should(new ArchCondition<>("mention only types of the API and of what it builds on") {
                @Override
                public void check(JavaCodeUnit unit, ConditionEvents events) {
                    unit.getAllInvolvedRawTypes().stream()
                            .map(JavaClass::getBaseComponentType)
                            .filter(type -> type.getPackageName().startsWith("dev.cascadecleanup.internal"))
                            .forEach(type -> events.add(SimpleConditionEvent.violated(
                                    unit, unit.getFullName() + " mentions " + type.getName())));
                }
            });

    private static DescribedPredicate<JavaCodeUnit> areVisibleToUsers() {
        return DescribedPredicate.describe(
                "are visible to users",
                unit -> isPublic(unit.getOwner())
                        && resideOutsideOfPackages(INTERNAL, COMMAND_LINE).test(unit.getOwner())
                        && !unit.getModifiers().contains(JavaModifier.PRIVATE)
                        && (unit.getModifiers().contains(JavaModifier.PUBLIC)
                                || unit.getModifiers().contains(JavaModifier.PROTECTED)));
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(ArchitectureTest::isPublic).orElse(true);
    }

    /** Who reads the root reads the API. */
    @ArchTest
    static final ArchRule theRootIsTheApiAlone = classes()
            .that()
            .resideInAPackage(ROOT)
            .and()
            .areTopLevelClasses()
            .and()
            .doNotHaveSimpleName("package-info")
            .should()
            .bePublic();

    /** Most of the interesting tests need no database because of this. */
    @ArchTest
    static final ArchRule aPlanNeedsNoDatabase = noClasses()
            .that()
            .resideInAnyPackage("dev.cascadecleanup.plan", "dev.cascadecleanup.internal.plan")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql", "javax.sql");

    /** Values and checks are worked out in memory; only what reads the catalog and what inserts knows a connection. */
    @ArchTest
    static final ArchRule theThinkingPartOfTheProofNeedsNoDatabase = noClasses()
            .that()
            .resideInAnyPackage("dev.cascadecleanup.internal.proof.check", "dev.cascadecleanup.internal.proof.value")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql", "javax.sql");

    @ArchTest
    static final ArchRule whatTheCatalogGivesAwayIsData = noClasses()
            .that()
            .resideInAnyPackage("dev.cascadecleanup.catalog", "dev.cascadecleanup.internal.catalog")
            .and()
            .areRecords()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql", "javax.sql");

    /** Its public, stable part: the rest changes from one Flyway line to the next. {@code JavaMigration} returns the one exception. */
    @ArchTest
    static final ArchRule onlyTheApiOfFlyway = noClasses()
            .should()
            .dependOnClassesThat(resideInAPackage("org.flywaydb..")
                    .and(resideOutsideOfPackage("org.flywaydb.core.api.."))
                    .and(not(name("org.flywaydb.core.extensibility.MigrationType"))));

    @ArchTest
    static final ArchRule onlyTheDoorsAndTheirRoomKnowFlyway = noClasses()
            .that(DescribedPredicate.describe(
                    "are below the doors",
                    type -> !Set.of(
                                    "doors",
                                    "undo",
                                    "db.migration",
                                    "cli",
                                    "internal.flyway",
                                    "internal.guard",
                                    "internal.run")
                            .contains(room(type))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.flywaydb..");

    /** flyway-core is the only dependency, and the application's. Annotations are none: nobody has to have them. */
    @ArchTest
    static final ArchRule nothingButTheJdkAndFlyway = classes()
            .that()
            .resideOutsideOfPackage(COMMAND_LINE)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.cascadecleanup..",
                    "db.migration",
                    "java..",
                    "javax.sql",
                    "org.flywaydb..",
                    "org.jspecify.annotations");

    /** So that NullAway looks at it. */
    @ArchTest
    static final ArchRule everyPackageIsNullMarked = classes()
            .that()
            .resideInAPackage("dev.cascadecleanup..")
            .should(new ArchCondition<>("be in a package that is @NullMarked") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                        events.add(SimpleConditionEvent.violated(type, type.getPackageName() + " is not @NullMarked"));
                    }
                }
            });

    /** Output goes through Flyway's log, so that it appears where Flyway's own does. */
    @ArchTest
    static final ArchRule nothingIsPrinted =
            noClasses().that().resideOutsideOfPackage(COMMAND_LINE).should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);
}
