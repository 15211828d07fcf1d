package io.llmproxy.bench.simulator.rules;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// What GLM refuses behind `Bearer`: it takes a whole key, or a token made with it.
///
/// Where its account's key is not known, any key is taken but one whose id has `invalid` in it, and
/// of a token's signature only its length is looked at.
public final class GlmTokenRules {

  private static final int SIGNATURE_BYTES = 32;
  private static final long DIGITS_13 = 1_000_000_000_000L;

  private final @Nullable String key;

  /// `key` is the account's own, ID.SECRET.
  public GlmTokenRules(@Nullable String key) {
    this.key = key;
  }

  /// Checks what stands behind `Bearer`, at `nowMillis` by Unix time.
  ///
  /// @throws Refused if GLM would not take it
  public void check(String bearer, long nowMillis) {
    String[] parts = bearer.split("\\.", -1);
    if (parts.length != 3) {
      if (key != null && !key.equals(bearer)) {
        throw illegal();
      }
      return;
    }
    Map<String, Object> header = json(parts[0]);
    boolean known =
        header.keySet().stream().allMatch(Map.of("alg", 0, "sign_type", 0, "typ", 0)::containsKey);
    if (!known || !"HS256".equals(header.get("alg")) || !"SIGN".equals(header.get("sign_type"))) {
      throw illegal();
    }
    Map<String, Object> claims = json(parts[1]);
    checkSignature(parts, claims.get("api_key"));
    long exp = millis(claims.get("exp"));
    millis(claims.get("timestamp"));
    if (exp <= nowMillis) {
      throw new Refused(401, "Authentication Token已过期，请重新生成/获取", "", "1003");
    }
  }

  private void checkSignature(String[] parts, @Nullable Object id) {
    byte[] signature = decode(parts[2]);
    if (signature.length != SIGNATURE_BYTES || !(id instanceof String text)) {
      throw illegal();
    }
    if (key == null && id.toString().contains("invalid")) {
      throw illegal();
    }
    if (key == null) {
      if (text.contains("invalid")) {
        throw illegal();
      }
      return;
    }
    int dot = key.indexOf('.');
    byte[] expected = sign(key.substring(dot + 1), parts[0] + "." + parts[1]);
    if (!key.substring(0, dot).equals(id) || !MessageDigest.isEqual(expected, signature)) {
      throw illegal();
    }
  }

  private static byte[] sign(String secret, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
      return mac.doFinal(text.getBytes(US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
    }
  }

  private static long millis(@Nullable Object value) {
    if (!(value instanceof Long millis) || millis < DIGITS_13 || millis >= 10 * DIGITS_13) {
      throw illegal();
    }
    return millis;
  }

  private static Map<String, Object> json(String part) {
    byte[] bytes = decode(part);
    try {
      return Json.object(bytes, bytes.length);
    } catch (IOException _) {
      throw illegal();
    }
  }

  private static byte[] decode(String part) {
    try {
      return Base64.getUrlDecoder().decode(part);
    } catch (IllegalArgumentException _) {
      throw illegal();
    }
  }

  private static Refused illegal() {
    return new Refused(401, "Authorization Token非法，请确认Authorization Token正确传递。", "", "1002");
  }
}
