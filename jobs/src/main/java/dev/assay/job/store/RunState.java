package dev.assay.job.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

/**
 * How far a fill is; the content of {@code _state.json} beside a store.
 *
 * @param job what fills the store
 * @param state {@code running}, {@code finished} or {@code failed}; a run that was killed leaves
 *     the first
 * @param unit what a row is, in the plural
 * @param rowsReused rows that were in the store before
 * @param rowsDone rows that this run has committed
 * @param rowsTotal rows that it has to compute
 * @param slicesDone commits that it has made
 * @param slicesTotal commits that it will make
 * @param rowsPerSecond since the first slice began
 * @param started UTC time, ISO 8601
 * @param updated UTC time of the last commit, ISO 8601
 */
record RunState(
    String job,
    String state,
    String unit,
    long rowsReused,
    long rowsDone,
    long rowsTotal,
    int slicesDone,
    int slicesTotal,
    double rowsPerSecond,
    String started,
    String updated) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  byte[] toJson() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A state is always JSON", e);
    }
  }
}
