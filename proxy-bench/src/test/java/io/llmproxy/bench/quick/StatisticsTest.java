package io.llmproxy.bench.quick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmproxy.bench.load.LoadWindow;
import io.llmproxy.bench.load.Quantiles;
import io.llmproxy.bench.quick.Cell.Measured;
import io.llmproxy.bench.quick.Cell.Noise;
import io.llmproxy.bench.quick.Statistics.Pair;
import io.llmproxy.bench.quick.Statistics.Spread;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StatisticsTest {

  @Test
  void takesTheMiddleOfAnOddNumber() {
    assertThat(Statistics.spread(List.of(9.0, 1.0, 2.0))).isEqualTo(new Spread(3, 2, 1, 9));
  }

  @Test
  void takesTheMeanOfTheTwoInTheMiddleOfAnEvenNumber() {
    assertThat(Statistics.spread(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(new Spread(4, 3, 1, 9));
  }

  @Test
  void refusesToSumUpNothing() {
    List<Double> none = List.of();
    assertThatThrownBy(() -> Statistics.spread(none)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void comparesWithinRoundsNotAcrossThem() {
    // The machine was twice as slow in the second round, for both: the ratio is 0.5 all along.
    Stream<Pair> rounds = Stream.of(new Pair(10, 20), new Pair(20, 40), new Pair(10, 20));
    assertThat(Statistics.pairedRatio(rounds)).isEqualTo(new Spread(3, 0.5, 0.5, 0.5));
  }

  private static Cell cell(int round, Arm arm, long cpuNanos, double othersShare) {
    Quantiles none = new Quantiles(0, 0, 0, 0, 0, 0);
    LoadWindow window = new LoadWindow(1_000_000_000, 10, 0, none, none, none, none);
    return new Measured(round, arm, Load.SMALL, cpuNanos, 0, new Noise(othersShare, 0, 0), window);
  }

  private static QuickResult result(Cell... cells) {
    QuickOptions options =
        new QuickOptions(2, Duration.ofSeconds(1), 1, 1, List.of(), false, List.of());
    Machine machine = new Machine("cpu", 2, "kernel", "jvm", "revision");
    return new QuickResult(
        options,
        machine,
        Map.of(Arm.OURS_H1, "1", Arm.NGINX, "2"),
        Map.of(),
        List.of(),
        List.of(),
        List.of(cells));
  }

  @Test
  void pairsOnlyRoundsInWhichBothWereMeasured() {
    QuickResult result =
        result(
            cell(1, Arm.OURS_H1, 100_000, 0),
            new Cell.Voided(1, Arm.NGINX, Load.SMALL, "status 502"),
            cell(2, Arm.OURS_H1, 100_000, 0),
            cell(2, Arm.NGINX, 200_000, 0));
    assertThat(result.pairs(Arm.OURS_H1, Arm.NGINX, Load.SMALL, false))
        .containsExactly(new Pair(10, 20));
  }

  @Test
  void leavesCrowdedRoundsOutOfQuietPairs() {
    QuickResult result =
        result(
            cell(1, Arm.OURS_H1, 100_000, 0.5),
            cell(1, Arm.NGINX, 200_000, 0),
            cell(2, Arm.OURS_H1, 100_000, 0.1),
            cell(2, Arm.NGINX, 400_000, 0));
    assertThat(result.pairs(Arm.OURS_H1, Arm.NGINX, Load.SMALL, true))
        .containsExactly(new Pair(10, 40));
  }

  @Test
  void showsACellWithAFlawedRoundAsVoid() {
    QuickResult result =
        result(
            cell(1, Arm.NGINX, 200_000, 0),
            new Cell.Voided(2, Arm.NGINX, Load.SMALL, "status 502"));
    assertThat(TextReport.of(result)).contains("nginx       VOID in 1 of 2 rounds: status 502");
  }

  @Test
  void staysUnderSixMinutesByDefault() {
    QuickOptions byDefault =
        new QuickOptions(
            5,
            Duration.ofMillis(1_500),
            200,
            50,
            Stream.of(Arm.values()).filter(arm -> !arm.policed()).toList(),
            false,
            List.of());
    assertThat(byDefault.estimate()).isLessThan(Duration.ofMinutes(6));
  }

  @Test
  void saysThatTheMachineWasBusy() {
    QuickResult result = result(cell(1, Arm.NGINX, 200_000, 0.5), cell(2, Arm.NGINX, 200_000, 0.5));
    assertThat(TextReport.of(result)).contains("remark: the machine was busy, 0 of 2 windows");
  }

  @Test
  void showsTheRatioOfSoundArms() {
    QuickResult result = result(cell(1, Arm.OURS_H1, 100_000, 0), cell(1, Arm.NGINX, 200_000, 0));
    assertThat(TextReport.of(result))
        .contains("small    ours-h1  / nginx       0.50 [0.50–0.50] (1 rounds)");
  }
}
