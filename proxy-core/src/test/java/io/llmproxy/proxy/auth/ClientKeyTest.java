package io.llmproxy.proxy.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

/// Keys as they are made.
final class ClientKeyTest {

  private final ClientKey key = ClientKey.make(new SecureRandom());

  @Test
  void isAPrefixRandomCharactersAndAChecksum() {
    assertThat(key.reveal()).matches("llmp-[0-9A-Za-z]{49}");
    assertThat(ClientKey.isKey(key.reveal())).isTrue();
  }

  @Test
  void oneWrongCharacterIsSeen() {
    String reveal = key.reveal();
    for (int i = 0; i < reveal.length(); i++) {
      char other = reveal.charAt(i) == 'x' ? 'y' : 'x';
      String wrong = reveal.substring(0, i) + other + reveal.substring(i + 1);
      assertThat(ClientKey.isKey(wrong)).as(wrong).isFalse();
    }
    assertThat(ClientKey.isKey("")).isFalse();
  }

  @Test
  void noTwoAreAlikeAndNoneIsPrinted() {
    assertThat(ClientKey.make(new SecureRandom())).isNotEqualTo(key);
    assertThat(key.toString()).isEqualTo("***");
  }
}
