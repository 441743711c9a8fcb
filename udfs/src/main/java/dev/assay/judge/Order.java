package dev.assay.judge;

/** Which side of a pair is first in the judge's prompt, and so can be shared. */
public enum Order {
  /** The paper's prompt: one query, many candidates. */
  QUERY_FIRST,
  /** One candidate, many queries: cheaper where the candidate is the long side. */
  CANDIDATE_FIRST
}
