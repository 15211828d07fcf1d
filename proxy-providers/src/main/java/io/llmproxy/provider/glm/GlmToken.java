package io.llmproxy.provider.glm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.auth0.jwt.algorithms.Algorithm;
import io.llmproxy.provider.wire.JsonText;
import java.util.Base64;

/// What shows GLM who asks: a JSON Web Token that is signed with the key's secret part and holds
/// good for a while.
///
/// GLM's tokens are not quite those of RFC 7519: their header has `sign_type` in the place of
/// `typ`, and `exp` counts milliseconds. So header and claims are written here.
///
/// @param value goes behind `Bearer `
/// @param issuedMillis Unix time, like `expiresMillis`
public record GlmToken(String value, long issuedMillis, long expiresMillis) {
  private static final String HEADER = base64("{\"alg\":\"HS256\",\"sign_type\":\"SIGN\"}");

  /// Makes a token for `key`, issued at `nowMillis` and good for `lifeMillis`.
  public static GlmToken issue(GlmKey key, long nowMillis, long lifeMillis) {
    long expiresMillis = nowMillis + lifeMillis;
    String claims =
        "{\"api_key\":"
            + new String(JsonText.quoted(key.id()), UTF_8)
            + ",\"exp\":"
            + expiresMillis
            + ",\"timestamp\":"
            + nowMillis
            + "}";
    String payload = base64(claims);
    byte[] signature =
        Algorithm.HMAC256(key.secret().getBytes(UTF_8))
            .sign(HEADER.getBytes(US_ASCII), payload.getBytes(US_ASCII));
    String token = HEADER + '.' + payload + '.' + base64(signature);
    return new GlmToken(token, nowMillis, expiresMillis);
  }

  /// Without the token, which is a secret while it is good.
  @Override
  public String toString() {
    return "GlmToken[issuedMillis=" + issuedMillis + ", expiresMillis=" + expiresMillis + "]";
  }

  private static String base64(String text) {
    return base64(text.getBytes(UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
