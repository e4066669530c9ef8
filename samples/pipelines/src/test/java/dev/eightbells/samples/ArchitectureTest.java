package dev.eightbells.samples;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The rules of the whole project: which module may know which, and what no class may do. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.eightbells");

    @Test
    void allModulesAreLookedAt() {
        assertThat(CLASSES.stream().map(JavaClass::getPackageName))
                .contains(
                        "dev.eightbells",
                        "dev.eightbells.batch",
                        "dev.eightbells.localaws",
                        "dev.eightbells.samples",
                        "dev.eightbells.steps");
    }

    @Test
    void modulesKnowOnlyThoseBelowThem() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.eightbells..")
                .layer("etl-core")
                .definedBy(
                        "dev.eightbells",
                        "dev.eightbells.pipeline..",
                        "dev.eightbells.batch..",
                        "dev.eightbells.store..",
                        "dev.eightbells.read..",
                        "dev.eightbells.write..",
                        "dev.eightbells.table..",
                        "dev.eightbells.session..",
                        "dev.eightbells.warehouse..",
                        "dev.eightbells.care..",
                        "dev.eightbells.forget..")
                .optionalLayer("data-quality")
                .definedBy("dev.eightbells.quality..")
                .layer("emr-steps")
                .definedBy("dev.eightbells.steps..", "dev.eightbells.query..")
                .optionalLayer("lambda-trigger")
                .definedBy("dev.eightbells.trigger..", "dev.eightbells.job..")
                .layer("samples")
                .definedBy("dev.eightbells.samples..")
                .layer("local-aws")
                .definedBy("dev.eightbells.localaws..")
                .whereLayer("etl-core")
                .mayNotAccessAnyLayer()
                .whereLayer("local-aws")
                .mayNotAccessAnyLayer()
                .whereLayer("data-quality")
                .mayOnlyAccessLayers("etl-core")
                .whereLayer("lambda-trigger")
                .mayOnlyAccessLayers("etl-core")
                .whereLayer("emr-steps")
                .mayOnlyAccessLayers("data-quality", "etl-core")
                .ensureAllClassesAreContainedInArchitecture()
                .check(CLASSES);
    }

    @Test
    void theLambdaKnowsNoSparkNoIcebergAndNoHadoop() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.eightbells.trigger..", "dev.eightbells.job..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.spark..",
                        "org.apache.iceberg..",
                        "org.apache.hadoop..",
                        "scala..",
                        "dev.eightbells.read..",
                        "dev.eightbells.write..",
                        "dev.eightbells.table..",
                        "dev.eightbells.session..",
                        "dev.eightbells.warehouse..",
                        "dev.eightbells.care..",
                        "dev.eightbells.forget..")
                .because("the Lambda is deployed without them")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void onlyTheStoreTheTriggerAndTheConnectionToTheWarehouseTalkToAws() {
        noClasses()
                .that(DescribedPredicate.not(resideInAPackage("dev.eightbells.store.."))
                        .and(DescribedPredicate.not(resideInAPackage("dev.eightbells.trigger..")))
                        .and(DescribedPredicate.not(resideInAPackage("dev.eightbells.job..")))
                        .and(DescribedPredicate.not(resideInAPackage("dev.eightbells.localaws..")))
                        .and(DescribedPredicate.not(
                                nameMatching("dev\\.eightbells\\.warehouse\\.(Login|RedshiftConnector)")))
                        .and(DescribedPredicate.not(name("dev.eightbells.steps.Failures")))
                        .as(
                                "are neither of the store nor of the trigger and its services, connect to no warehouse, and do not tell"
                                        + " failures apart"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon.awssdk..")
                .check(CLASSES);
    }

    @Test
    void atMostOneClassKnowsDeequ() {
        Set<String> users = CLASSES.stream()
                .filter(type -> type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(dependency ->
                                dependency.getTargetClass().getPackageName().startsWith("com.amazon.deequ")))
                .map(type -> type.getName().replaceFirst("\\$.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(users)
                .as("classes that use Deequ")
                .hasSizeLessThanOrEqualTo(1)
                .allMatch(type -> type.startsWith("dev.eightbells.quality."));
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching("dev.eightbells.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void sparkSessionsAreBuiltInOnePlace() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.eightbells.steps.SparkSessions")
                .should()
                .accessTargetWhere(isMember("org.apache.spark.sql.SparkSession", "builder"))
                .orShould()
                .accessTargetWhere(isMember("org.apache.spark.sql.SparkSession\\$Builder", "<init>"))
                .because("a session is a parameter")
                .check(CLASSES);
    }

    @Test
    void nobodyLooksForAnActiveSparkSession() {
        noClasses()
                .should()
                .accessTargetWhere(isMember(
                        "org.apache.spark.sql.SparkSession",
                        "(active|getActiveSession|getDefaultSession|setActiveSession|setDefaultSession)"))
                .because("a session is a parameter")
                .check(CLASSES);
    }

    @Test
    void onlyEntryPointsReadTheEnvironment() {
        noClasses()
                // Lambda makes a handler as it starts a program: by its name alone.
                .that(areNotNamed("Main|Console|Handler"))
                .should()
                .accessTargetWhere(isMember("java.lang.System", "getenv"))
                .because("the environment is a parameter")
                .check(CLASSES);
    }

    @Test
    void onlyMainEndsTheProcess() {
        noClasses()
                .that(areNotNamed("Main"))
                .should()
                .accessTargetWhere(isMember("java.lang.System", "exit"))
                .orShould()
                .accessTargetWhere(isMember("java.lang.Runtime", "(exit|halt)"))
                .check(CLASSES);
    }

    @Test
    void nothingStaticChanges() {
        fields().that().areStatic().should().beFinal().check(CLASSES);
    }

    @Test
    void classesAreNamedAfterWhatTheyAre() {
        noClasses()
                .that()
                // Iceberg's interface is LockManager.
                .doNotHaveFullyQualifiedName("dev.eightbells.table.FileLockManager")
                .should()
                .haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl)")
                .check(CLASSES);
    }

    @Test
    void packagesAreNamedAfterThingsInTheFlow() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..manager..", "..impl..")
                .check(CLASSES);
    }

    @Test
    void methodsTakeNoOptionals() {
        noMethods()
                .that(areWrittenByHand())
                .should(take("an Optional", type -> type.isEquivalentTo(Optional.class)))
                .because("Optional is for what is returned")
                .check(CLASSES);
    }

    @Test
    void methodsThatOthersCallTakeNoBooleans() {
        noMethods()
                .that(areWrittenByHand())
                .and()
                .areNotPrivate()
                .should(take("a boolean", type -> type.isEquivalentTo(boolean.class)))
                .because("two methods with names of their own say more")
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaAccess<?>> isMember(String owner, String member) {
        return target(owner(nameMatching(owner)))
                .and(target(nameMatching(member)))
                .as("member %s of %s", member, owner);
    }

    private static DescribedPredicate<JavaClass> areNotNamed(String simpleNames) {
        return DescribedPredicate.describe(
                "are not named " + simpleNames, type -> !type.getSimpleName().matches(simpleNames));
    }

    private static DescribedPredicate<JavaMethod> areWrittenByHand() {
        return DescribedPredicate.describe(
                "are written by hand",
                method -> !method.getModifiers().contains(JavaModifier.SYNTHETIC)
                        && !method.getModifiers().contains(JavaModifier.BRIDGE)
                        && !overridesForeign(method));
    }

    /** Whether somebody else has decided on the parameters. */
    private static boolean overridesForeign(JavaMethod method) {
        String[] parameters =
                method.getRawParameterTypes().stream().map(JavaClass::getName).toArray(String[]::new);
        return method.getOwner().getAllRawSuperclasses().stream().anyMatch(type -> isForeign(type, method, parameters))
                || method.getOwner().getAllRawInterfaces().stream()
                        .anyMatch(type -> isForeign(type, method, parameters));
    }

    private static boolean isForeign(JavaClass type, JavaMethod method, String[] parameters) {
        return !type.getPackageName().startsWith("dev.eightbells")
                && type.tryGetMethod(method.getName(), parameters).isPresent();
    }

    private static ArchCondition<JavaMethod> take(String what, java.util.function.Predicate<JavaClass> parameter) {
        return new ArchCondition<>("take " + what) {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean takes = method.getRawParameterTypes().stream().anyMatch(parameter);
                events.add(new SimpleConditionEvent(
                        method, takes, method.getFullName() + (takes ? " takes " : " does not take ") + what));
            }
        };
    }
}
