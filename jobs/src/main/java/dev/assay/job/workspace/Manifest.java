package dev.assay.job.workspace;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a table consists of and how it was made. It is written last and replaced whole: a table is
 * exactly what its manifest says.
 *
 * @param id changes with every commit; later jobs record it as their input
 * @param commits folders that together hold the rows
 * @param columns the schema, in Spark's JSON
 * @param job the job that wrote it
 * @param jobVersion see {@code Job.version}
 * @param inputs state of everything the job read, by name
 * @param settings every option that changed the result
 * @param counts what the job counted
 * @param seconds how long the job took
 * @param created UTC time of the commit, ISO 8601
 */
@JsonIgnoreProperties(ignoreUnknown = true) // a newer Assay may have added to it
public record Manifest(
    String id,
    List<String> commits,
    String columns,
    String job,
    int jobVersion,
    SortedMap<String, String> inputs,
    SortedMap<String, String> settings,
    SortedMap<String, Long> counts,
    double seconds,
    String created) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** The part of a manifest that a job knows before and after it ran. */
  public record Draft(
      String job,
      int jobVersion,
      SortedMap<String, String> inputs,
      SortedMap<String, String> settings,
      SortedMap<String, Long> counts,
      double seconds) {
    /** What is known before the job has run. */
    public Draft(
        String job,
        int jobVersion,
        SortedMap<String, String> inputs,
        SortedMap<String, String> settings,
        SortedMap<String, Long> counts) {
      this(job, jobVersion, inputs, settings, counts, 0);
    }

    /** What is known when the job has run. */
    public Draft finished(SortedMap<String, Long> counted, double seconds) {
      return new Draft(job, jobVersion, inputs, settings, new TreeMap<>(counted), seconds);
    }
  }

  /** The manifest of a commit that is made now. */
  static Manifest now(List<String> commits, String columns, Draft draft) {
    return new Manifest(
        UUID.randomUUID().toString(),
        List.copyOf(commits),
        columns,
        draft.job(),
        draft.jobVersion(),
        draft.inputs(),
        draft.settings(),
        draft.counts(),
        draft.seconds(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** Whether running the drafted job would give this table again. */
  public boolean matches(Draft draft) {
    return job.equals(draft.job())
        && jobVersion == draft.jobVersion()
        && inputs.equals(draft.inputs())
        && settings.equals(draft.settings());
  }

  static Manifest parse(byte[] json) throws IOException {
    return JSON.readValue(json, Manifest.class);
  }

  byte[] toJson() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A manifest is always JSON", e);
    }
  }
}
