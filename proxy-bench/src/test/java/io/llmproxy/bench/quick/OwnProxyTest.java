package io.llmproxy.bench.quick;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnProxyTest {

  @Test
  void countsTheEventsOfAStreamWithoutItsEnd() throws IOException {
    byte[] stream = "data: 1\n\ndata: 2\n\ndata: [DONE]\n\n".getBytes(UTF_8);
    assertThat(DirectReplies.events(stream, 2)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"data: 1\n\ndata: [DONE]\n\n", "data: 1\n\ndata: 2\n\n", ""})
  void refusesAProvidersStreamThatIsShortOrHasNoEnd(String stream) {
    byte[] reply = stream.getBytes(UTF_8);
    assertThatThrownBy(() -> DirectReplies.events(reply, 2)).isInstanceOf(IOException.class);
  }
}
