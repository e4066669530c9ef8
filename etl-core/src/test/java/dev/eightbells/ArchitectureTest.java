package dev.eightbells;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the packages of this module may know of each other and of the world. The whole project's rules are in samples. */
class ArchitectureTest {
    private static final String[] USED_BY_LAMBDA = {
        "dev.eightbells", "dev.eightbells.pipeline..", "dev.eightbells.batch..", "dev.eightbells.store.."
    };

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            // The tests of this module use it.
            .withImportOption(location -> !location.contains("/localaws/"))
            .importPackages("dev.eightbells");

    @Test
    void whatTheLambdaUsesKnowsNoSparkNoIcebergAndNoHadoop() {
        noClasses()
                .that()
                .resideInAnyPackage(USED_BY_LAMBDA)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.spark..", "org.apache.iceberg..", "org.apache.hadoop..", "scala..")
                .because("the Lambda is deployed without them")
                .check(CLASSES);
    }

    @Test
    void whatTheLambdaUsesKnowsNoneOfTheOtherPackages() {
        classes()
                .that()
                .resideInAnyPackage(USED_BY_LAMBDA)
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackages(
                        "dev.eightbells.read..",
                        "dev.eightbells.write..",
                        "dev.eightbells.table..",
                        "dev.eightbells.session..",
                        "dev.eightbells.warehouse..",
                        "dev.eightbells.care..")
                .because("those are free to use Spark and Iceberg")
                .check(CLASSES);
    }

    @Test
    void onlyTheStoreAndTheConnectionToTheWarehouseTalkToAws() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.eightbells.store..")
                .and()
                .haveNameNotMatching("dev\\.eightbells\\.warehouse\\.(Login|RedshiftConnector)")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("software.amazon.awssdk..")
                .because("everybody else works with an ObjectStore, and is tested on memory and disk")
                .check(CLASSES);
    }

    @Test
    void readingKnowsNoTable() {
        noClasses()
                .that()
                .resideInAPackage("dev.eightbells.read..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.iceberg..",
                        "org.apache.hadoop..",
                        "dev.eightbells.batch..",
                        "dev.eightbells.table..",
                        "dev.eightbells.write..")
                .because("a record is read the same whoever asks, and wherever it goes")
                .check(CLASSES);
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching("dev.eightbells.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
