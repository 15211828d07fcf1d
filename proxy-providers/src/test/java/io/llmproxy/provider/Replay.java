package io.llmproxy.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/// What came of a body that a reader followed in parts.
public record Replay(
    String output,
    Usage usage,
    UsageSource source,
    boolean complete,
    boolean content,
    boolean error) {
  // Every part's count is asserted, so the leak detector, which would take a stack trace for each
  // touch, has nothing to add.
  private static final ByteBufAllocator PARTS = new UnpooledByteBufAllocator(true, true);

  /// Follows `body`, cut at `cuts` (ascending), to its clean end.
  public static Replay of(Supplier<ReplyReader> readers, byte[] body, int... cuts) {
    ReplyReader reader = readers.get();
    List<ByteBuf> parts = new ArrayList<>();
    ByteBuf output = Unpooled.buffer(body.length + 16);
    int from = 0;
    for (int i = 0; i <= cuts.length; i++) {
      int to = i < cuts.length ? cuts[i] : body.length;
      // Direct and heap by turns, with something before the bytes that are to be read.
      ByteBuf part =
          i % 2 == 0 ? PARTS.directBuffer(to - from + 3) : PARTS.heapBuffer(to - from + 3);
      part.writeZero(3).skipBytes(3).writeBytes(body, from, to - from);
      parts.add(part);
      reader.read(part, given -> take(given, output));
      from = to;
    }
    reader.finish(given -> take(given, output));
    Replay replay =
        new Replay(
            output.toString(StandardCharsets.ISO_8859_1),
            reader.usage(),
            reader.usageSource(),
            reader.isComplete(),
            reader.hasContent(),
            reader.hasError());
    reader.release();
    output.release();
    assertThat(parts).allSatisfy(part -> assertThat(part.refCnt()).isZero());
    return replay;
  }

  /// What the reader makes of the price that `body` tells.
  public static Billing billing(Supplier<ReplyReader> readers, byte[] body) {
    ReplyReader reader = readers.get();
    reader.read(Unpooled.copiedBuffer(body), ByteBuf::release);
    reader.finish(ByteBuf::release);
    Billing billing = reader.billing();
    reader.release();
    return billing;
  }

  /// Follows `body` in parts of `bytes` each.
  public static Replay inPartsOf(int bytes, Supplier<ReplyReader> readers, byte[] body) {
    int[] cuts = new int[(body.length - 1) / bytes];
    for (int i = 0; i < cuts.length; i++) {
      cuts[i] = (i + 1) * bytes;
    }
    return of(readers, body, cuts);
  }

  /// Asserts that `body` comes to `expected` however it is cut in two, and byte by byte.
  public static void assertSameAtEveryCut(
      Replay expected, Supplier<ReplyReader> readers, byte[] body) {
    for (int cut = 0; cut <= body.length; cut++) {
      assertThat(of(readers, body, cut)).as("cut at %d", cut).isEqualTo(expected);
    }
    for (int bytes : new int[] {1, 2, 3, 7, 64, 333}) {
      assertThat(inPartsOf(bytes, readers, body)).as("parts of %d", bytes).isEqualTo(expected);
    }
  }

  /// The sample called `name`.
  public static byte[] sample(String name) {
    try (InputStream in = Replay.class.getResourceAsStream("/samples/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The bytes of `text` in UTF-8.
  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// `body` as [#output] shows it.
  public static String shown(byte[] body) {
    return new String(body, StandardCharsets.ISO_8859_1);
  }

  private static void take(ByteBuf given, ByteBuf output) {
    assertThat(given.isReadable()).isTrue();
    output.writeBytes(given);
    given.release();
  }
}
