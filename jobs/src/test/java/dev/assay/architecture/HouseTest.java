package dev.assay.architecture;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How files and packages of both modules may be tied to each other. */
class HouseTest {
  private static final int LARGEST_CIRCLE = 3;

  private static final List<JavaClass> TYPES =
      new ClassFileImporter()
              .withImportOption(new ImportOption.DoNotIncludeTests())
              .importPackages("dev.assay")
              .stream()
              .filter(type -> !type.getSimpleName().equals("package-info"))
              .toList();

  private static final Pattern IMPORT =
      Pattern.compile("^import (?:static )?dev\\.assay\\.job\\.(\\w+)\\.", Pattern.MULTILINE);
  private static final List<String> JOBS =
      List.of("ingest", "embed", "retrieve", "judge", "mine", "train", "evaluate", "export");

  @Test
  void noPackagesDependOnEachOtherInACircle() {
    assertEquals(List.of(), circles(tied(JavaClass::getPackageName, one -> true), 1));
  }

  @Test
  void noCircleInsideAPackageIsLargerThanThreeFiles() {
    assertEquals(
        List.of(), circles(tied(HouseTest::file, HouseTest::withinAPackage), LARGEST_CIRCLE));
  }

  @Test
  void noTwoTypesShareASimpleName() {
    Map<String, List<String>> twice =
        new TreeMap<>(
            TYPES.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getModifiers().contains(JavaModifier.PRIVATE))
                .collect(
                    groupingBy(JavaClass::getSimpleName, mapping(JavaClass::getName, toList()))));
    twice.values().removeIf(names -> names.size() == 1);
    assertEquals(Map.of(), twice);
  }

  /** Sources are read, since a constant's value leaves no trace of its class in the bytecode. */
  @Test
  void noJobImportsFromAnotherJob() {
    SortedSet<String> found = new TreeSet<>();
    for (String job : JOBS) {
      Path folder = Path.of("src/main/java/dev/assay/job", job);
      for (Path source : sources(folder)) {
        Matcher imports = IMPORT.matcher(text(source));
        while (imports.find()) {
          String other = imports.group(1);
          if (!other.equals(job) && JOBS.contains(other)) {
            found.add(source + " imports from " + other);
          }
        }
      }
    }
    assertEquals(new TreeSet<>(), found);
  }

  private static boolean withinAPackage(Dependency one) {
    return one.getOriginClass().getPackageName().equals(one.getTargetClass().getPackageName());
  }

  /** The type whose file this one is in. */
  private static String file(JavaClass type) {
    JavaClass outer = type;
    while (outer.getEnclosingClass().isPresent()) {
      outer = outer.getEnclosingClass().get();
    }
    return outer.getName();
  }

  /** Who depends on whom, by what {@code name} calls a type. */
  private static SortedMap<String, SortedSet<String>> tied(
      Function<JavaClass, String> name, Predicate<Dependency> counts) {
    SortedMap<String, SortedSet<String>> tied = new TreeMap<>();
    for (JavaClass type : TYPES) {
      SortedSet<String> targets = tied.computeIfAbsent(name.apply(type), n -> new TreeSet<>());
      for (Dependency one : type.getDirectDependenciesFromSelf()) {
        JavaClass target = one.getTargetClass().getBaseComponentType();
        if (target.getName().startsWith("dev.assay.") && counts.test(one)) {
          targets.add(name.apply(target));
        }
      }
    }
    return tied;
  }

  /** Groups of more than {@code largest} in which everyone reaches everyone. */
  private static List<SortedSet<String>> circles(
      SortedMap<String, SortedSet<String>> tied, int largest) {
    SortedMap<String, SortedSet<String>> reached = new TreeMap<>();
    tied.keySet().forEach(name -> reached.put(name, reach(name, tied)));
    SortedSet<String> seen = new TreeSet<>();
    Stream.Builder<SortedSet<String>> circles = Stream.builder();
    for (String name : tied.keySet()) {
      if (seen.contains(name)) {
        continue;
      }
      SortedSet<String> circle =
          reached.get(name).stream()
              .filter(other -> reached.getOrDefault(other, new TreeSet<>()).contains(name))
              .collect(toCollection(TreeSet::new));
      circle.add(name);
      seen.addAll(circle);
      if (circle.size() > largest) {
        circles.add(circle);
      }
    }
    return circles.build().toList();
  }

  private static SortedSet<String> reach(String from, SortedMap<String, SortedSet<String>> tied) {
    SortedSet<String> reached = new TreeSet<>();
    List<String> next = List.copyOf(tied.get(from));
    while (!next.isEmpty()) {
      next =
          next.stream()
              .filter(reached::add)
              .flatMap(name -> tied.getOrDefault(name, new TreeSet<>()).stream())
              .toList();
    }
    return reached;
  }

  private static List<Path> sources(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path source) {
    try {
      return Files.readString(source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
