package io.llmproxy.proxy.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Reads `password` or `password_file`.
final class PasswordReader {
  private static final int MAX_PASSWORD_BYTES = 4 << 10;

  private PasswordReader() {}

  /// The password; null where there is none.
  static @Nullable Secret read(YamlSection section) {
    YamlValue value = section.get("password");
    YamlValue file = section.get("password_file");
    if (value != null && file != null) {
      file.keyProblem("give only one of password, password_file");
      return null;
    }
    if (value != null) {
      return value.secret();
    }
    return file == null ? null : passwordOf(file);
  }

  private static @Nullable Secret passwordOf(YamlValue value) {
    Path file = value.readableFile();
    if (file == null) {
      return null;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_PASSWORD_BYTES);
      return new Secret(new String(bytes, StandardCharsets.UTF_8).strip());
    } catch (IOException _) {
      value.problem("not readable");
      return null;
    }
  }
}
