package io.llmproxy.bench.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/// Constant text with gaps for numbers and text, filled without going through a string.
///
/// A gap is [#GAP] and one letter: `i` input, `u` input neither cached nor written, `c` cached, `w`
/// written, `o` output without reasoning, `a` all output, `r` reasoning, `t` total, `$` xAI's cost,
/// `T` the answer's text, `R` its reasoning (both escaped already).
final class Template {

  /// A character that never stands in escaped JSON.
  static final String GAP = "\u0001";

  private final byte[][] literals;
  private final char[] gaps;
  private final int literalBytes;

  Template(String text) {
    List<byte[]> found = new ArrayList<>();
    StringBuilder letters = new StringBuilder();
    int from = 0;
    for (int at = text.indexOf(GAP); at >= 0; at = text.indexOf(GAP, from)) {
      found.add(text.substring(from, at).getBytes(UTF_8));
      letters.append(text.charAt(at + 1));
      from = at + 2;
    }
    found.add(text.substring(from).getBytes(UTF_8));
    literals = found.toArray(new byte[0][]);
    gaps = letters.toString().toCharArray();
    literalBytes = found.stream().mapToInt(b -> b.length).sum();
  }

  /// An upper bound of what [#write] writes.
  int sizeBound(byte[] text, byte[] reasoning) {
    return literalBytes + gaps.length * 20 + text.length + reasoning.length;
  }

  boolean isEmpty() {
    return literalBytes == 0 && gaps.length == 0;
  }

  /// Writes the filled text to `out`, which it borrows.
  void write(ByteBuf out, Tokens tokens, byte[] text, byte[] reasoning) {
    for (int i = 0; i < gaps.length; i++) {
      out.writeBytes(literals[i]);
      switch (gaps[i]) {
        case 'T' -> out.writeBytes(text);
        case 'R' -> out.writeBytes(reasoning);
        default -> writeNumber(out, number(gaps[i], tokens));
      }
    }
    out.writeBytes(literals[gaps.length]);
  }

  private static long number(char gap, Tokens tokens) {
    return switch (gap) {
      case 'i' -> tokens.input();
      case 'u' -> tokens.uncached();
      case 'c' -> tokens.cached();
      case 'w' -> tokens.written();
      case 'o' -> tokens.output();
      case 'a' -> tokens.output() + tokens.reasoning();
      case 'r' -> tokens.reasoning();
      case 't' -> tokens.total();
      case '$' -> tokens.costTicks();
      default -> throw new IllegalStateException("gap: " + gap);
    };
  }

  /// Decimal digits of a number that is not negative.
  static void writeNumber(ByteBuf out, long number) {
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    int at = out.writerIndex();
    out.ensureWritable(digits);
    out.writerIndex(at + digits);
    setDigits(out, at, digits, number);
  }

  /// Puts exactly `digits` digits at `at`, padded with zeros.
  static void setDigits(ByteBuf out, int at, int digits, long number) {
    long rest = number;
    for (int i = at + digits - 1; i >= at; i--) {
      out.setByte(i, (byte) ('0' + rest % 10));
      rest /= 10;
    }
  }
}
