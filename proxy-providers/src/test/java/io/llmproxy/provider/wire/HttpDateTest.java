package io.llmproxy.provider.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpDateTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "Sun",
        "Sun,",
        "1794340000",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT and much more than any date needs to have behind it"
      })
  void isNoneOfWhatIsNoDate(String text) {
    assertThat(HttpDate.parseMillis(text)).isEqualTo(HttpDate.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        " Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sun Nov  6 08:49:37 1994"
      })
  void readsTheFormsOfTheStandard(String text) {
    assertThat(HttpDate.parseMillis(text)).isEqualTo(784_111_777_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sunday, 22-Nov-26 19:45:00 GMT", "Sun, 22 Nov 2026 19:45:00 GMT"})
  void takesTwoDigitsOfAYearForOneOfThisCentury(String text) {
    assertThat(HttpDate.parseMillis(text)).isEqualTo(1_795_376_700_000L);
  }
}
