package io.llmproxy.bench.simulator.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GlmTokenRulesTest {

  private static final String KEY = "0123456789abcdef0123456789abcdef.S3cr3tS3cr3tS3cr";
  private static final String TOKEN =
      "eyJhbGciOiJIUzI1NiIsInNpZ25fdHlwZSI6IlNJR04ifQ"
          + ".eyJhcGlfa2V5IjoiMDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYiLCJleHAiOjE3OTUzNzg1MDAwMDAsInRpbWVzdGFtcCI6MTc5NTM3NjcwMDAwMH0"
          + ".ZadJLTaBbjL5Ky6Rcrcce0Trj1QHCZwB28ON47QwRj4";
  private static final long ISSUED = 1_795_376_700_000L;
  private static final long EXPIRES = ISSUED + 1_800_000;

  private final GlmTokenRules rules = new GlmTokenRules(KEY);

  @Test
  void takesItsOwnKeyAndATokenOfIt() {
    assertThatCode(() -> rules.check(KEY, ISSUED)).doesNotThrowAnyException();
    assertThatCode(() -> rules.check(TOKEN, EXPIRES - 1)).doesNotThrowAnyException();
  }

  @Test
  void refusesATokenThatHasExpired() {
    assertRefused("1003", rules, TOKEN, EXPIRES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"other.S3cr3tS3cr3tS3cr", "sk-plain", "a.b.c", "..", "a.b.c.d"})
  void refusesAnotherKeyAndWhatIsNoToken(String bearer) {
    assertRefused1002(rules, bearer);
  }

  @Test
  void refusesATokenSignedWithAnotherSecret() {
    assertRefused1002(new GlmTokenRules("0123456789abcdef0123456789abcdef.other"), TOKEN);
    assertRefused1002(new GlmTokenRules("another.S3cr3tS3cr3tS3cr"), TOKEN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"alg":"HS256","typ":"JWT"}      | {"api_key":"a","exp":1795378500000,"timestamp":1795376700000}
          {"alg":"HS512","sign_type":"SIGN"} | {"api_key":"a","exp":1795378500000,"timestamp":1795376700000}
          {"alg":"HS256","sign_type":"SIGN","kid":"1"} | {"api_key":"a","exp":1795378500000,"timestamp":1795376700000}
          {"alg":"HS256","sign_type":"SIGN"} | {"api_key":"a","exp":1795378500,"timestamp":1795376700000}
          {"alg":"HS256","sign_type":"SIGN"} | {"api_key":"a","exp":1795378500000,"timestamp":1795376700}
          {"alg":"HS256","sign_type":"SIGN"} | {"api_key":"a","exp":1795378500000}
          {"alg":"HS256","sign_type":"SIGN"} | {"exp":1795378500000,"timestamp":1795376700000}
          """)
  void refusesATokenOfAnotherMakeWhoeverSignedIt(String header, String claims) {
    assertRefused1002(
        new GlmTokenRules(null), base64(header) + "." + base64(claims) + "." + signature());
  }

  @Test
  void takesASoundTokenOfAnyAccountWhileNoneIsKnown() {
    String token =
        base64("{\"alg\":\"HS256\",\"sign_type\":\"SIGN\",\"typ\":\"JWT\"}")
            + "."
            + base64("{\"api_key\":\"a\",\"exp\":1795378500000,\"timestamp\":1795376700000}")
            + ".";
    GlmTokenRules any = new GlmTokenRules(null);
    assertThatCode(() -> any.check(token + signature(), ISSUED)).doesNotThrowAnyException();
    assertRefused1002(any, token + "c2hvcnQ");
  }

  @Test
  void refusesATokenOfAnInvalidAccount() {
    String token =
        base64("{\"alg\":\"HS256\",\"sign_type\":\"SIGN\"}")
            + "."
            + base64("{\"api_key\":\"invalid\",\"exp\":1795378500000,\"timestamp\":1795376700000}")
            + ".";
    assertRefused1002(new GlmTokenRules(null), token + signature());
  }

  private static String signature() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  private static void assertRefused1002(GlmTokenRules rules, String bearer) {
    assertRefused("1002", rules, bearer, ISSUED);
  }

  private static void assertRefused(
      String code, GlmTokenRules rules, String bearer, long nowMillis) {
    assertThatThrownBy(() -> rules.check(bearer, nowMillis))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.status() + " " + refused.code()).isEqualTo("401 " + code));
  }
}
