package io.llmproxy.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class KeysTest {

  private static final long NOW = 5_000_000_000L;
  private static final long SECOND = 1_000_000_000L;

  private final Keys keys = new Keys(new int[] {1, 1, 2});
  private final Target target = RouteTest.target("m", keys);

  @Test
  void theSamePromptBearsTheSameKey() {
    for (long prompt = 0; prompt < 100; prompt++) {
      assertThat(target.key(prompt, NOW)).isEqualTo(target.key(prompt, NOW));
    }
  }

  @Test
  void keysHaveTheirShares() {
    Random random = new Random(3);
    int[] counts = new int[3];
    for (int i = 0; i < 20_000; i++) {
      counts[target.key(random.nextLong(), NOW)]++;
    }
    assertThat(counts[0]).isBetween(4_600, 5_400);
    assertThat(counts[2]).isBetween(9_500, 10_500);
  }

  @Test
  void noKeyHasMuchMoreThanItsShareOfWhatIsUnderWayThoughAllAskTheSame() {
    int[] counts = new int[3];
    for (int i = 0; i < 400; i++) {
      int key = target.key(42, NOW);
      keys.begin(key);
      counts[key]++;
    }
    assertThat(counts[0]).isLessThanOrEqualTo(126);
    assertThat(counts[1]).isLessThanOrEqualTo(126);
    assertThat(counts[2]).isLessThanOrEqualTo(251);
  }

  @Test
  void aKeyThatRestsIsLetAlone() {
    int first = target.key(1, NOW);
    target.rest(first, NOW, SECOND);
    int second = target.key(1, NOW);
    assertThat(second).isNotEqualTo(first);
    assertThat(target.isResting(first, NOW)).isTrue();
    assertThat(target.key(1, NOW + SECOND)).isEqualTo(first);
  }

  @Test
  void aLimitOfOneModelLeavesTheKeyToTheOthers() {
    Target other = RouteTest.target("other", keys);
    int first = target.key(1, NOW);
    target.rest(first, NOW, SECOND);
    assertThat(other.key(1, NOW)).isEqualTo(first);
    keys.cool(first, NOW, SECOND);
    assertThat(other.key(1, NOW)).isNotEqualTo(first);
  }

  @Test
  void whereAllRestTheOneThatIsDueNextIsTaken() {
    target.rest(0, NOW, 3 * SECOND);
    target.rest(1, NOW, SECOND);
    keys.cool(2, NOW, 2 * SECOND);
    assertThat(target.key(9, NOW)).isEqualTo(1);
  }
}
