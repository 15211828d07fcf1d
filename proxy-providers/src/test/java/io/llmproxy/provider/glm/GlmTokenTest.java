package io.llmproxy.provider.glm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;
import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.json.JsonOracle;
import io.llmproxy.provider.json.JsonOracle.Scalar;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GlmTokenTest {
  private static final Map<String, Object> VECTOR =
      JsonOracle.object(Replay.sample("glm-jwt-vector.json"));

  @ParameterizedTest
  @CsvSource({
    "'', no point",
    "onlyoneword, no point",
    "a.b.c, more than one point",
    ".secret, ID is empty",
    "id., SECRET is empty",
    "'.', ID is empty",
    "'id.se cret', white space",
    "'id.secret\n', white space",
    "id.s\u00E9cret, non-ASCII"
  })
  void refusesAKeyThatIsNotTwoPartsAndTellsNothingOfIt(String key, String why) {
    assertThatThrownBy(() -> GlmKey.parse(key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why)
        .hasMessageContaining("(expected: ID.SECRET")
        .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain("secret", "onlyone"));
  }

  @EdgeCase(19)
  @Test
  void equalsTheKnownToken() {
    GlmKey key = GlmKey.parse(text("api_key"));
    GlmToken token = GlmToken.issue(key, number("timestamp_ms"), number("ttl_ms"));
    assertThat(token.value()).isEqualTo(text("token"));
    assertThat("Bearer " + token.value()).isEqualTo(text("authorization"));
    assertThat(part(token, 0)).isEqualTo(text("header_json"));
    assertThat(part(token, 1)).isEqualTo(text("payload_json"));
  }

  @EdgeCase(19)
  @Test
  void countsMilliseconds() {
    GlmToken token = GlmToken.issue(new GlmKey("id", "secret"), 1_795_376_700_000L, 1_800_000);
    assertThat(part(token, 1)).matches(".*\"exp\":\\d{13},\"timestamp\":\\d{13}}");
    assertThat(token.expiresMillis() - token.issuedMillis()).isEqualTo(1_800_000);
  }

  @Test
  void holdsASignatureThatTheLibraryVerifies() {
    GlmToken token = GlmToken.issue(new GlmKey("i\"d", "secret"), 1_795_376_700_000L, 60_000);
    DecodedJWT decoded = JWT.decode(token.value());
    assertThat(decoded.getAlgorithm()).isEqualTo("HS256");
    assertThat(decoded.getHeaderClaim("sign_type").asString()).isEqualTo("SIGN");
    assertThat(decoded.getType()).isNull();
    assertThat(decoded.getClaim("api_key").asString()).isEqualTo("i\"d");
    assertThatCode(() -> Algorithm.HMAC256("secret").verify(decoded)).doesNotThrowAnyException();
    assertThatThrownBy(() -> Algorithm.HMAC256("other").verify(decoded)).isNotNull();
  }

  @Test
  void showsNoSecret() {
    GlmKey key = new GlmKey("id", "s3cr3t");
    assertThat(key.toString()).doesNotContain("s3cr3t");
    GlmToken token = GlmToken.issue(key, 1, 1);
    assertThat(token.toString()).doesNotContain(token.value());
  }

  private static String part(GlmToken token, int index) {
    String part = token.value().split("\\.", -1)[index];
    return new String(Base64.getUrlDecoder().decode(part), UTF_8);
  }

  private static String text(String name) {
    return String.valueOf(VECTOR.get(name));
  }

  private static long number(String name) {
    return VECTOR.get(name) instanceof Scalar scalar ? Long.parseLong(scalar.text()) : -1;
  }
}
