package io.llmproxy.proxy.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.proxy.config.Network;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// For whom a proxy asks, where it can be believed.
final class ForwardedForTest {

  private final ForwardedFor forwardedFor =
      new ForwardedFor(
          Stream.of("10.0.0.0/8", "2001:db8::/32")
              .map(Network::read)
              .map(Objects::requireNonNull)
              .toList());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "9.9.9.9  | 1.2.3.4                       | 9.9.9.9",
        "10.0.0.1 | 1.2.3.4                       | 1.2.3.4",
        "10.0.0.1 | 6.6.6.6, 1.2.3.4              | 1.2.3.4",
        "10.0.0.1 | 6.6.6.6, 1.2.3.4, 10.0.0.2    | 1.2.3.4",
        "10.0.0.1 | 10.0.0.3,10.0.0.2             | 10.0.0.3",
        "10.0.0.1 | 1.2.3.4:5678                  | 1.2.3.4",
        "10.0.0.1 | [2001:db9::1]:80              | 2001:db9:0:0:0:0:0:1",
        "10.0.0.1 | ::ffff:1.2.3.4                | 1.2.3.4",
        "2001:db8:0:0:0:0:0:9 | 1.2.3.4           | 1.2.3.4",
        "10.0.0.1 | unknown                       | 10.0.0.1",
        "10.0.0.1 | localhost                     | 10.0.0.1",
        "10.0.0.1 | 1.2.3.4, evil, 10.0.0.2       | 10.0.0.2",
        "10.0.0.1 | 1.2.3                         | 10.0.0.1",
        "10.0.0.1 | ,                             | 10.0.0.1",
        "local    | 1.2.3.4                       | local"
      })
  void theRightmostThatIsNotTrustedAsks(String peer, String list, String expected) {
    assertThat(forwardedFor.of(peer, list, null)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "for=1.2.3.4;proto=https              | 1.2.3.4",
        "for=6.6.6.6, by=10.0.0.1;For=1.2.3.4 | 1.2.3.4",
        "for=\"[2001:db9::1]:4711\"           | 2001:db9:0:0:0:0:0:1",
        "for=_hidden                          | 10.0.0.1",
        "proto=https                          | 10.0.0.1"
      })
  void forwardedSaysItToo(String forwarded, String expected) {
    assertThat(forwardedFor.of("10.0.0.1", null, forwarded)).isEqualTo(expected);
  }

  @Test
  void nobodyIsBelievedUnlessTrusted() {
    assertThat(new ForwardedFor(List.of()).of("10.0.0.1", "1.2.3.4", "for=1.2.3.4"))
        .isEqualTo("10.0.0.1");
  }
}
