package dev.assay.job.evaluate.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.job.evaluate.figures.DatasetGroups.Group;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DatasetGroupsTest {
  @Test
  void mmebHas36DatasetsInFourClassesAndTwoDistributions() {
    Set<String> some = Set.of("ImageNet-1K", "OK-VQA", "CIRR", "MSCOCO", "GQA");
    assertEquals(
        List.of("classification", "VQA", "retrieval", "grounding", "IND", "OOD", "all"),
        DatasetGroups.of(some).stream().map(Group::name).toList());
    Map<String, Integer> sizes =
        DatasetGroups.of(some).stream().collect(Collectors.toMap(Group::name, Group::size));
    assertEquals(10, sizes.get("classification"));
    assertEquals(10, sizes.get("VQA"));
    assertEquals(12, sizes.get("retrieval"));
    assertEquals(4, sizes.get("grounding"));
    assertEquals(20, sizes.get("IND"));
    assertEquals(16, sizes.get("OOD"));
  }

  @Test
  void saysHowManyOfAGroupAreThere() {
    List<Group> groups = DatasetGroups.of(Set.of("swap_obj", "swap_att", "add_obj"));
    assertEquals(
        List.of("mean of swap", "mean of add (1 of 2)", "mean of all"),
        groups.stream().map(Group::label).toList());
  }

  @Test
  void oneDatasetAloneHasNoMeanOfAll() {
    assertEquals(List.of(), DatasetGroups.of(Set.of("shoes")));
  }
}
