package dev.assay.pack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.item.EncodedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagePacksTest {
  @TempDir Path folder;

  @Test
  void everyImageIsReadAsItWasWhateverTheOrderAndHoweverManyThreads() throws IOException {
    List<EncodedImage> images = images(60);
    List<String> places = new ArrayList<>();
    for (int pack = 0; pack < 20; pack++) { // more than stay open
      places.addAll(write(pack(pack), images.subList(3 * pack, 3 * pack + 3)));
    }
    try (ImagePacks packs = packs()) {
      new Random(1)
          .ints(2000, 0, images.size())
          .parallel()
          .forEach(
              i -> assertArrayEquals(images.get(i).bytes(), packs.read(places.get(i)).bytes()));
    }
  }

  @Test
  void aPackIsATarFileWhoseMembersAreNamedAfterTheirContents() throws Exception {
    List<EncodedImage> images = images(5);
    write(pack(0), images);
    Path out = Files.createDirectory(folder.resolve("out"));

    Process tar =
        new ProcessBuilder("tar", "-xf", folder.resolve(pack(0)).toString(), "-C", out.toString())
            .redirectErrorStream(true)
            .start();

    String said = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, tar.waitFor(), said);
    assertEquals("", said);
    for (EncodedImage image : images) {
      assertArrayEquals(
          image.bytes(), Files.readAllBytes(out.resolve(image.key() + ".png")), image.key());
    }
    assertEquals(5, out.toFile().list().length);
  }

  @Test
  void aPackWithoutImagesIsAnEmptyTarFile() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new PackStream(bytes).finish();
    assertArrayEquals(new byte[1024], bytes.toByteArray());
  }

  @Test
  void aPackThatIsMissingShorterOrDamagedIsAStorageError() throws IOException {
    String place = write(pack(0), images(3)).get(2);
    Path file = folder.resolve(pack(0));
    byte[] whole = Files.readAllBytes(file);

    byte[] damaged = whole.clone();
    damaged[(int) PackedImage.parse(place).orElseThrow().offset() + 9] ^= 1;
    Files.write(file, damaged);
    assertFails(place, "its bytes are not those that were packed");

    Files.write(file, Arrays.copyOf(whole, 1500));
    assertFails(place, "the pack is shorter than it was");

    Files.delete(file);
    assertFails(place, "there is no such pack any more");
  }

  @Test
  void aPlaceWhereNoImageLiesIsAStorageError() throws IOException {
    PackedImage place = PackedImage.parse(write(pack(0), images(3)).get(1)).orElseThrow();
    for (long offset : new long[] {0, 511, place.offset() - 1, place.offset() + 512, 1L << 40}) {
      assertFails(new PackedImage(place.pack(), offset, place.length(), "x").toString(), "");
    }
    for (int length : new int[] {0, place.length() - 1, place.length() + 1, 999_999_999}) {
      assertFails(new PackedImage(place.pack(), place.offset(), length, "x").toString(), "");
    }
  }

  @Test
  void onlyPacksOfTheFolderAreRead() throws IOException {
    Files.createDirectory(folder.resolve("sub"));
    List<String> places = write("sub/" + pack(0), images(1));
    assertFails(places.get(0), "it is in no pack");
    for (String image : List.of("a.png", "pack:../x.tar:512:9:a", "pack:x.tar:512:9:a", "")) {
      assertFails(image, "it is in no pack");
    }
  }

  @Test
  void thePlaceOfAnImageIsTextAndTextOrderIsTheOrderInThePack() {
    for (String name : List.of("a.png", "", "a:b:c", "line\nbreak", "pack:x:1:2:y", "é/%20 .jpg")) {
      PackedImage place = new PackedImage(pack(7), 123_456_789_012L, 42, name);
      assertEquals(Optional.of(place), PackedImage.parse(place.toString()));
      assertEquals(name, PackedImage.nameOf(place.toString()));
    }
    assertEquals("shoes/7.jpg", PackedImage.nameOf("shoes/7.jpg"));
    List<String> sorted =
        new Random(3)
            .longs(100, 0, 1L << 38)
            .sorted()
            .mapToObj(offset -> new PackedImage(pack(1), offset, 1, "x").toString())
            .toList();
    assertEquals(sorted.stream().sorted().toList(), sorted);
  }

  @Test
  void aRootOfPacksIsNoFolder() {
    assertTrue(ImagePacks.isRoot(ImagePacks.root("file:/w/packs")));
    for (String folder : new String[] {null, "", "packs", "file:/packs:x"}) {
      assertEquals(false, ImagePacks.isRoot(folder));
    }
  }

  private void assertFails(String place, String why) {
    try (ImagePacks packs = packs()) {
      UncheckedIOException e =
          assertThrows(UncheckedIOException.class, () -> packs.read(place), place);
      String start = "Cannot read the image " + place + ": " + why;
      assertTrue(e.getMessage().startsWith(start), e.getMessage());
    }
  }

  private ImagePacks packs() {
    return ImagePacks.at(ImagePacks.root(folder.toUri().toString()), new Configuration());
  }

  private static String pack(int number) {
    return "%032x.tar".formatted(number);
  }

  /** Files that begin like an image, of lengths around the block size of tar. */
  private static List<EncodedImage> images(int count) {
    Random random = new Random(count);
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              byte[] bytes = new byte[500 + 7 * i];
              random.nextBytes(bytes);
              System.arraycopy(
                  "\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1), 0, bytes, 0, 8);
              return EncodedImage.of(bytes);
            })
        .toList();
  }

  private List<String> write(String pack, List<EncodedImage> images) throws IOException {
    List<String> places = new ArrayList<>();
    try (OutputStream out = Files.newOutputStream(folder.resolve(pack))) {
      PackStream stream = new PackStream(out);
      for (EncodedImage image : images) {
        long offset = stream.add(image);
        places.add(new PackedImage(pack, offset, image.bytes().length, "name").toString());
      }
      stream.finish();
    }
    return places;
  }
}
