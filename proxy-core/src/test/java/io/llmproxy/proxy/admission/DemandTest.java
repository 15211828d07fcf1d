package io.llmproxy.proxy.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.request.RequestBody;
import io.llmproxy.provider.wire.Operation;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Nothing that a prompt may name costs more than what is set aside for it.
final class DemandTest {
  private static final int OVERHEAD = 1_024;
  private static final int PICTURE = 40_000;
  private static final int DOCUMENT = 1_100_000;

  /// What is set aside beyond the bytes of the body.
  private static long beyondBytes(String parts) {
    String text =
        "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":" + parts + "}]}";
    RequestBody body = RequestBody.of(Operation.CHAT_COMPLETIONS);
    body.add(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    assertThat(body.finish()).isNull();
    long most = Demand.of(Operation.CHAT_COMPLETIONS, body, true).mostInput();
    body.release();
    return most - text.length() - OVERHEAD;
  }

  @Test
  void textIsBoundedByItsBytes() {
    assertThat(beyondBytes("\"the image of a file, \\\"image, caf\\u00e9 \\u003c \\\\u006 0\""))
        .as("an escaped letter as text counts as if it hid a kind")
        .isEqualTo(DOCUMENT);
    assertThat(beyondBytes("\"the image of a file, \\\"image, caf\\u00e9 \\u003c\"")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"image_url", "input_image", "image"})
  void picturesAreBoundedByHowManyMayBeNamed(String kind) {
    assertThat(beyondBytes("[{\"type\":\"" + kind + "\"}]")).isEqualTo(PICTURE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"document", "file", "input_file", "input_audio"})
  void documentsAreBoundedByWhatFillsAContext(String kind) {
    assertThat(beyondBytes("[{\"type\" : \"" + kind + "\"}]")).isEqualTo(DOCUMENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\u0069mage_url", "image\\u005furl", "image\\u005Furl", "fil\\u0065"})
  void aKindThatIsWrittenInEscapesIsTakenForTheDearest(String kind) {
    assertThat(beyondBytes("[{\"type\":\"" + kind + "\"}]")).isEqualTo(DOCUMENT);
  }
}
