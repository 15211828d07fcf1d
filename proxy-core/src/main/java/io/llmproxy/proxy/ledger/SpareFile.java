package io.llmproxy.proxy.ledger;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Disk space kept for a bad day: a file that is deleted when the disk is full, so that what runs
/// can still be settled. For the writer's thread.
final class SpareFile {
  static final int BYTES = 16 << 20;
  private static final String FILE = "ledger.spare";
  private static final int CHUNK = 1 << 20;

  private final Path file;

  SpareFile(Path dir) {
    file = dir.resolve(FILE);
  }

  /// Lays the space aside, where the disk has four times as much; else there is none.
  void keep() {
    try {
      if (Files.exists(file)
          || Files.getFileStore(file.getParent()).getUsableSpace() < 4L * BYTES) {
        return;
      }
      write();
    } catch (IOException _) {
      giveUp();
    }
  }

  private void write() throws IOException {
    byte[] chunk = new byte[CHUNK];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int written = 0; written < BYTES; written += CHUNK) {
        out.write(chunk);
      }
    }
  }

  /// Gives the space back; whether there was any.
  boolean giveUp() {
    try {
      return Files.deleteIfExists(file);
    } catch (IOException _) {
      return false;
    }
  }
}
