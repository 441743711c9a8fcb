package dev.assay.scenes.dataset;

/** The kinds of queries and candidates. */
public enum Task {
  /** The query is a caption. It asks for an image of which the caption is true. */
  TEXT_TO_IMAGE("t2i"),
  /** The query is an image. It asks for a caption that is true of the image. */
  IMAGE_TO_TEXT("i2t"),
  /** The query is an image and a change. It asks for an image of the changed scene. */
  CHANGED_IMAGE("change");

  private final String label;

  Task(String label) {
    this.label = label;
  }

  /** The first part of ids. */
  public String label() {
    return label;
  }

  /** The name in column {@code dataset}. */
  public String dataset() {
    return "scenes-" + label;
  }
}
