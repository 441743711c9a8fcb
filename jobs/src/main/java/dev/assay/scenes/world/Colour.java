package dev.assay.scenes.world;

/** The colours of objects. */
public enum Colour {
  RED(215, 45, 40),
  GREEN(45, 160, 75),
  BLUE(45, 85, 215),
  YELLOW(235, 200, 45),
  PURPLE(150, 60, 180),
  BLACK(35, 35, 35);

  final int red;
  final int green;
  final int blue;

  Colour(int red, int green, int blue) {
    this.red = red;
    this.green = green;
    this.blue = blue;
  }

  /** The word in a caption. */
  public String word() {
    return Words.of(this);
  }
}
