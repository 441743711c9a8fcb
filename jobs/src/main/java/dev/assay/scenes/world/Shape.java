package dev.assay.scenes.world;

/** The shapes of objects: each covers a part of the square from -1 to 1. */
public enum Shape {
  CIRCLE {
    @Override
    boolean covers(double x, double y) {
      return x * x + y * y <= 1;
    }
  },
  SQUARE {
    @Override
    boolean covers(double x, double y) {
      return Math.abs(x) <= 0.85 && Math.abs(y) <= 0.85;
    }
  },
  TRIANGLE {
    @Override
    boolean covers(double x, double y) {
      return y <= 0.8 && y >= 2 * Math.abs(x) - 1;
    }
  },
  STAR {
    @Override
    boolean covers(double x, double y) {
      double turn = StrictMath.atan2(x, -y) * 5 / (2 * Math.PI); // 1 for each point of the star
      double fromValley = Math.abs(turn - Math.floor(turn) - 0.5) * 2; // 1 at the tip
      return Math.sqrt(x * x + y * y) <= 0.42 + 0.58 * StrictMath.pow(fromValley, 1.6);
    }
  },
  CROSS {
    @Override
    boolean covers(double x, double y) {
      double narrow = Math.min(Math.abs(x), Math.abs(y));
      return narrow <= 0.33 && Math.max(Math.abs(x), Math.abs(y)) <= 1;
    }
  };

  /** Whether the shape covers a point; y grows downwards. */
  abstract boolean covers(double x, double y);

  /** The word in a caption. */
  public String word() {
    return Words.of(this);
  }
}
