package dev.assay.scenes;

/** What is asked for, and in what. */
public enum Task {
  /** A caption; wanted is an image of which it is true. */
  TEXT_TO_IMAGE("t2i"),
  /** An image; wanted is a caption that is true of it. */
  IMAGE_TO_TEXT("i2t"),
  /** An image and a change; wanted is an image of the changed scene. */
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
