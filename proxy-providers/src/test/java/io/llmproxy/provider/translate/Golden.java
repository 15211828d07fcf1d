package io.llmproxy.provider.translate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/// What goes into a translator and what must come out, as files `golden/<pair>/<case>.{in,out}`.
final class Golden {
  private final byte[] in;
  private final byte[] out;

  private Golden(byte[] in, byte[] out) {
    this.in = in;
    this.out = out;
  }

  static Golden of(String pair, String name) {
    return new Golden(read(pair, name + ".in"), read(pair, name + ".out"));
  }

  byte[] in() {
    return in;
  }

  byte[] out() {
    return out;
  }

  private static byte[] read(String pair, String file) {
    try (InputStream in = Golden.class.getResourceAsStream("/golden/" + pair + "/" + file)) {
      return Objects.requireNonNull(in, file).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
