package io.llmproxy.provider.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SafeTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sk-proj-abcdefghijklmnop",
        "sk-ant-api03-AbCd_eF-123456",
        "sk-inval***key",
        "xai-abcdefgh12345678",
        "xa***ey",
        "gsk_abcdefgh12345678",
        "0123456789abcdef0123456789abcdef.S3cr3tS3cr3tS3cr",
        "eyJhbGciOiJIUzI1NiJ9.eyJhcGlfa2V5IjoiMCJ9.ZadJLTaBbjL5Ky6R",
        "AIzaSyA1234567890abcdef",
        "AKIAIOSFODNN7EXAMPLE"
      })
  void masksKeys(String key) {
    assertThat(SafeText.of("bad key: " + key + ", try 'another'"))
        .isEqualTo("bad key: ***, try 'another'");
    assertThat(SafeText.of(key)).isEqualTo("***");
    assertThat(SafeText.of("(" + key + ")")).isEqualTo("(***)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "authorization: Bearer abcd1234 was refused | authorization: Bearer *** was refused",
        "sent BEARER abcd1234 | sent BEARER ***",
        "x-api-key=abcd1234&b | x-api-key=***&b",
        "{\"password\": \"hunter22\"} | {\"password\": \"***\"}",
        "at https://me:hunter22@host/x | at https://***@host/x",
        "task-force asked for risk-free disks | task-force asked for risk-free disks",
        "model gpt-6.1-terra of org-example, req_011CSHoEeqs5C35K2UUqR7Fy |"
            + " model gpt-6.1-terra of org-example, req_011CSHoEeqs5C35K2UUqR7Fy",
        "https://a/b@c and me@example.org | https://a/b@c and me@example.org",
        "Missing bearer token | Missing bearer ***"
      })
  void masksWhatIsAnnouncedAsSecretAndLeavesTheRest(String text, String safe) {
    assertThat(SafeText.of(text)).isEqualTo(safe);
  }

  @Test
  void isOnePrintableLine() {
    assertThat(SafeText.of(" a\r\nb\0\u001B[31mc\u202Ed\u2028e\uFEFF ")).isEqualTo("a b [31mc d e");
    assertThat(SafeText.of("a\uD83Db")).isEqualTo("a b");
    assertThat(SafeText.of("并发数过高 😀")).isEqualTo("并发数过高 😀");
  }

  @Test
  void isBounded() {
    assertThat(SafeText.of("x".repeat(1000))).hasSize(1000).doesNotContain("…");
    assertThat(SafeText.of("x".repeat(1001))).hasSize(1000).endsWith("x…");
    assertThat(SafeText.of("😀".repeat(600))).hasSizeBetween(998, 1000).endsWith("😀…");
    assertThat(SafeText.of("a".repeat(7999) + "😀")).hasSize(1000);
  }

  @Test
  void showsNoPartOfASecretThatIsCutByTheBound() {
    String text = "y".repeat(990) + " sk-" + "z".repeat(500);
    assertThat(SafeText.of(text)).doesNotContain("z");
  }

  @Test
  void takesLittleTimeForHostileTexts() {
    for (String part :
        new String[] {"eyJ", "bearer ", "sk-", "://", "api_key=", "a.", "\"'", "0a"}) {
      assertThat(SafeText.of(part.repeat(1_000_000))).hasSizeLessThanOrEqualTo(SafeText.LONGEST);
    }
  }
}
