package io.llmproxy.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class Http1ReplyScannerTest {
  private static final String SIZED =
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\nhello world";
  private static final String CHUNKED =
      """
      HTTP/1.1 429 Too Many\r
      transfer-encoding: chunked\r
      \r
      5\r
      hello\r
      6;ext=1\r
       world\r
      0\r
      x-trailer: 1\r
      \r
      """;

  /// Collects what a scanner says.
  private static final class Seen implements Http1ReplyScanner.Sink {
    private final StringBuilder body = new StringBuilder();
    private int status;

    @Override
    public void status(int code) {
      status = code;
    }

    @Override
    public void body(ByteBuf in, int index, int length) {
      body.append(in.toString(index, length, US_ASCII));
    }

    String text() {
      return status + " " + body;
    }
  }

  record Split(String reply, int at, String expected) {}

  static Stream<Split> splits() {
    Stream<Split> sized =
        IntStream.range(1, SIZED.length()).mapToObj(at -> new Split(SIZED, at, "200 hello world"));
    Stream<Split> chunked =
        IntStream.range(1, CHUNKED.length())
            .mapToObj(at -> new Split(CHUNKED, at, "429 hello world"));
    return Stream.concat(sized, chunked);
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, US_ASCII);
  }

  @ParameterizedTest
  @MethodSource("splits")
  void readsAReplySplitAnywhere(Split split) {
    Http1ReplyScanner scanner = new Http1ReplyScanner();
    Seen seen = new Seen();
    boolean early = scanner.read(bytes(split.reply().substring(0, split.at())), seen);
    boolean ended = scanner.read(bytes(split.reply().substring(split.at())), seen);
    assertThat(List.of(early, ended, seen.text()))
        .isEqualTo(List.of(false, true, split.expected()));
  }

  @Test
  void readsAReplyByteByByteAndThenAnother() {
    Http1ReplyScanner scanner = new Http1ReplyScanner();
    StringBuilder said = new StringBuilder();
    for (String reply : List.of(CHUNKED, SIZED)) {
      Seen seen = new Seen();
      int ended = 0;
      for (int i = 0; i < reply.length(); i++) {
        ended += scanner.read(bytes(reply.substring(i, i + 1)), seen) ? 1 : 0;
      }
      said.append(ended).append(' ').append(seen.text()).append('\n');
    }
    assertThat(said.toString()).isEqualTo("1 429 hello world\n1 200 hello world\n");
  }

  @Test
  void leavesWhatFollowsAReplyUnread() {
    ByteBuf in = bytes(SIZED + "HTTP/1.1 ");
    new Http1ReplyScanner().read(in, new Seen());
    assertThat(in.toString(US_ASCII)).isEqualTo("HTTP/1.1 ");
  }

  @Test
  void passesOverInterimReplies() {
    Seen seen = new Seen();
    new Http1ReplyScanner().read(bytes("HTTP/1.1 100 Continue\r\n\r\n" + SIZED), seen);
    assertThat(seen.text()).isEqualTo("200 hello world");
  }

  @Test
  void endsAReplyWithoutContentAtItsHead() {
    assertThat(new Http1ReplyScanner().read(bytes("HTTP/1.1 204 No Content\r\n\r\n"), new Seen()))
        .isTrue();
  }

  @Test
  void endsAnEmptyBodyAtItsHead() {
    assertThat(
            new Http1ReplyScanner()
                .read(bytes("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"), new Seen()))
        .isTrue();
  }

  @Test
  void seesThatThePeerWillClose() {
    Http1ReplyScanner scanner = new Http1ReplyScanner();
    scanner.read(
        bytes("HTTP/1.1 200 OK\r\nConnection: close\r\ncontent-length: 0\r\n\r\n"), new Seen());
    assertThat(scanner.closing()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nserver: x\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\n",
        "garbage\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nFFFFFFFFFF\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n"
      })
  void refusesWhatIsNoReply(String text) {
    Http1ReplyScanner scanner = new Http1ReplyScanner();
    ByteBuf in = bytes(text);
    Seen seen = new Seen();
    assertThatThrownBy(() -> scanner.read(in, seen)).isInstanceOf(DecoderException.class);
  }

  @Test
  void refusesAnEndlessHead() {
    Http1ReplyScanner scanner = new Http1ReplyScanner();
    ByteBuf in = bytes("HTTP/1.1 200 OK\r\nx: " + "a".repeat(20_000));
    Seen seen = new Seen();
    assertThatThrownBy(() -> scanner.read(in, seen)).isInstanceOf(DecoderException.class);
  }
}
