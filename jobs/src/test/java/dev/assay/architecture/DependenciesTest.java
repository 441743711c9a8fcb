package dev.assay.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
class DependenciesTest {
  private static final JavaClasses ASSAY =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.assay");

  @Test
  void onlyJobsAndUdfsKnowSpark() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.assay.job..", "dev.assay.udf..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..")
        .check(ASSAY);
  }

  @Test
  void nothingBelowKnowsJobs() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.assay.job..", "dev.assay.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.assay.job..", "dev.assay.cli..")
        .check(ASSAY);
  }

  @Test
  void onlyTheCommandLineKnowsConfiguration() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.assay.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.typesafe.config..", "picocli..")
        .check(ASSAY);
  }

  @Test
  void jobsDoNotKnowEachOther() {
    slices()
        .matching("dev.assay.job.(ingest|embed|retrieve|judge|mine|train|export)..")
        .should()
        .notDependOnEachOther()
        .check(ASSAY);
  }

  @Test
  void aJobIsNamedForIt() {
    classes()
        .that()
        .implement("dev.assay.job.Job")
        .should()
        .haveSimpleNameEndingWith("Job")
        .check(ASSAY);
  }
}
