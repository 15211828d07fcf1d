package io.llmproxy.proxy.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The right to write to a ledger: one process has it, and loses it when it ends, however it does.
final class DirectoryLock implements AutoCloseable {
  private static final String FILE = "ledger.lock";

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /// Takes it, and makes the directory if it is not there.
  static DirectoryLock take(Path dir) throws LedgerException {
    try {
      Files.createDirectories(dir);
      FileChannel channel =
          FileChannel.open(dir.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock(channel) == null) {
        channel.close();
        throw new LedgerException(
            dir
                + ": another process writes to this ledger; give each proxy a directory of its own");
      }
      return new DirectoryLock(channel);
    } catch (AccessDeniedException e) {
      throw new LedgerException(notWritable(dir), e);
    } catch (FileSystemException e) {
      throw new LedgerException(notWritable(dir) + ": " + reason(e), e);
    } catch (IOException e) {
      throw new LedgerException(notWritable(dir) + ": " + e.getMessage(), e);
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }

  private static String reason(FileSystemException e) {
    String reason = e.getReason();
    return reason == null ? e.getClass().getSimpleName() + " " + e.getFile() : reason;
  }

  private static String notWritable(Path dir) {
    return dir + ": cannot be written to" + owner(dir);
  }

  private static String owner(Path dir) {
    try {
      String owner = Files.getOwner(dir).getName();
      return " (it belongs to "
          + owner
          + ", the proxy runs as "
          + System.getProperty("user.name")
          + ")";
    } catch (IOException | UnsupportedOperationException _) {
      return "";
    }
  }

  @Override
  public void close() {
    Database.closeQuietly(channel);
  }
}
