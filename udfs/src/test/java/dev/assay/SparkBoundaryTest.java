package dev.assay;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The model runtime can be used in a plain {@code main}: only the UDFs know Spark. */
class SparkBoundaryTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.assay");

  @Test
  void onlyTheUdfPackageKnowsSparkOrScala() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.assay.udf..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "scala..")
        .check(MAIN);
  }

  @Test
  void nothingBelowTheUdfsKnowsThem() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.assay.udf..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.assay.udf..")
        .check(MAIN);
  }

  @Test
  void packagesBuildOnEachOtherInOneDirection() {
    slices().matching("dev.assay.(*)..").should().beFreeOfCycles().check(MAIN);
  }
}
