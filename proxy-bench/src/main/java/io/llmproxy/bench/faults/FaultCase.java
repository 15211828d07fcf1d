package io.llmproxy.bench.faults;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// One row of the scorecard: what goes wrong, and what is expected then.
///
/// @param id the fault's number among the sixteen, and a letter where it is met in several ways
/// @param streamedOnly whether it can befall streams alone
/// @param targets the scripts of the route's targets, in order; each answers the same words
/// @param end how the caller's reply is to end
/// @param statuses of a refusal, by dialect; 0 is any error
/// @param says what a refusal's body is to contain, by dialect; empty for anything
/// @param attempts how often each target may be asked, at least and at most
/// @param gapMillis the least time between two attempts at one target
/// @param withinMillis the most time until the reply's end
/// @param exactAccounts whether the proxy's accounts are to equal what the answering targets' books
///   say; else they may hold an estimate of what broke off, too
public record FaultCase(
    String id,
    String name,
    boolean streamedOnly,
    List<String> targets,
    End end,
    List<Integer> statuses,
    List<String> says,
    List<Range> attempts,
    int gapMillis,
    int withinMillis,
    boolean exactAccounts) {

  /// How a reply ends.
  public enum End {
    /// The whole answer.
    ANSWER,
    /// The whole answer, whose last usage counts: others were bait.
    BAITED,
    /// An error in the dialect, in the reply's place.
    REFUSAL,
    /// The whole answer, or a part of it with an error record in the dialect at its end.
    ANSWER_OR_ERROR,
    /// The whole answer, or an error as of REFUSAL.
    ANSWER_OR_REFUSAL,
    /// Whole answers all the time while the first target is down, then by that target again.
    OUTAGE
  }

  /// At least and at most so many.
  public record Range(int least, int most) {
    static Range read(String text) {
      String[] ends = text.split("-", -1);
      return new Range(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
    }

    boolean holds(int count) {
      return count >= least && count <= most;
    }
  }

  /// `~` stands for the plain answer; `part` is what befalls a stream alone; `gap` and `within` are
  /// milliseconds.
  private static final String TABLE =
      """
      id  | name                              | form | targets                                  | end       | status      | says | attempts | gap  | within | accounts
      1a  | 429 with retry-after, no fallback | both | status=429,retry_after=1,times=1         | ANSWER    | 200         |      | 2        | 1000 | 4000   | exact
      1b  | 429 with retry-after              | both | status=429,retry_after=30 ; ~            | ANSWER    | 200         |      | 1;1      | 30000| 1000   | exact
      2a  | 429 without, no fallback          | both | status=429,times=1                       | ANSWER    | 200         |      | 2        | 0    | 3000   | exact
      2b  | 429 without                       | both | status=429 ; ~                           | ANSWER    | 200         |      | 1-2;1    | 0    | 2000   | exact
      3a  | 500 once, no fallback             | both | status=500,times=1                       | ANSWER    | 200         |      | 2        | 0    | 2000   | exact
      3b  | 500 once                          | both | status=500,times=1 ; ~                   | ANSWER    | 200         |      | 1-2;0-1  | 0    | 2000   | exact
      4a  | 503 always                        | both | status=503 ; ~                           | ANSWER    | 200         |      | 1-2;1    | 0    | 2000   | exact
      4b  | 503 always, no fallback           | both | status=503                               | REFUSAL   | 503         |      | 1-3      | 0    | 4000   | exact
      5a  | reset before the head             | both | reset=head ; ~                           | ANSWER    | 200         |      | 1-2;1    | 0    | 2000   | exact
      5b  | reset once, no fallback           | both | reset=head,times=1                       | ANSWER    | 200         |      | 2        | 0    | 2000   | exact
      6a  | silence                           | both | silent ; ~                               | ANSWER    | 200         |      | 1;1      | 0    | 3000   | estimate
      6b  | silence, no fallback              | both | silent                                   | REFUSAL   | 504         |      | 1        | 0    | 3000   | estimate
      7   | slow first token                  | part | ttft=20s ; ~                             | ANSWER    | 200         |      | 1;1      | 0    | 3000   | estimate
      8   | stream cut                        | part | rate=100,cut=5 ; ~                       | ANSWER    | 200         |      | 1;1      | 0    | 3000   | estimate
      9   | stream stalls                     | part | rate=100,stall=5 ; ~                     | ANSWER    | 200         |      | 1;1      | 0    | 4000   | estimate
      10  | malformed event                   | part | rate=100,malformed=5 ; ~                 | ANSWER    | 200         |      | 1;1      | 0    | 3000   | estimate
      11  | missing terminator                | part | rate=100,sse=unended ; ~                 | ANSWER_OR_ERROR | 200   |      | 1;0-1    | 0    | 3000   | estimate
      12a | context too long                  | both | context_length ; ~                       | ANSWER    | 200         |      | 1;1      | 0    | 2000   | exact
      12b | context too long, no fallback     | both | context_length                           | REFUSAL   | 400         | context_length_exceeded,prompt is too long,context_length_exceeded | 1 | 0 | 2000 | exact
      13a | content policy                    | both | content_policy ; ~                       | ANSWER    | 200         |      | 1;1      | 0    | 2000   | exact
      13b | content policy, no fallback       | both | content_policy                           | REFUSAL   | 400         | usage policy,content filtering policy,usage policy | 1 | 0 | 2000 | exact
      14a | fallback refuses prefill          | both | status=503 ; noprefill                   | REFUSAL   | 0           |      | 1-2;1    | 0    | 4000   | exact
      14b | ... and a third does not          | both | status=503 ; noprefill ; ~               | ANSWER_OR_REFUSAL | 400 | prefill | 1-2;1;0-1  | 0    | 4000   | exact
      15  | outage and recovery               | both | status=503 ; ~                           | OUTAGE    | 200         |      | 0;0      | 0    | 2000   | exact
      16  | wrong accounting bait             | part | bait ; ~                                 | BAITED    | 200         |      | 1;0      | 0    | 2000   | exact
      U7a | a page instead of an answer       | both | html ; ~                                 | ANSWER    | 200         |      | 1-2;1    | 0    | 2000   | exact
      U7b | a line of 40 MiB without end      | part | endless=40MiB ; ~                        | ANSWER_OR_ERROR | 200   |      | 1-2;0-1    | 0    | 5000   | estimate
      U7c | a head of 300 KiB                 | both | head_bytes=300KiB ; ~                    | ANSWER    | 200         |      | 1-2;0-1  | 0    | 3000   | estimate
      U7d | compressed unasked                | both | gzip ; ~                                 | ANSWER    | 200         |      | 1-2;0-1  | 0    | 3000   | estimate
      """;

  /// The words that every target answers with.
  static final String ANSWER = "words,events=12";

  /// All rows.
  public static List<FaultCase> all() {
    return TABLE.lines().skip(1).map(FaultCase::read).toList();
  }

  private static FaultCase read(String line) {
    List<String> cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
    return new FaultCase(
        cells.get(0),
        cells.get(1),
        cells.get(2).equals("part"),
        list(cells.get(3), ";").stream().map(t -> t.equals("~") ? "" : t).toList(),
        End.valueOf(cells.get(4)),
        list(cells.get(5), ",").stream().map(Integer::valueOf).toList(),
        list(cells.get(6), ","),
        list(cells.get(7), ";").stream().map(Range::read).toList(),
        Integer.parseInt(cells.get(8)),
        Integer.parseInt(cells.get(9)),
        cells.get(10).equals("exact"));
  }

  private static List<String> list(String text, String separator) {
    return Arrays.stream(text.split(separator, -1)).map(String::strip).toList();
  }

  int status(AskedDialect dialect) {
    return statuses.get(Math.min(dialect.ordinal(), statuses.size() - 1));
  }

  String says(AskedDialect dialect) {
    return says.get(Math.min(dialect.ordinal(), says.size() - 1));
  }

  /// Whether its conversation ends with words of the assistant.
  boolean prefills() {
    return id.startsWith("14");
  }

  /// The name a route has in the configuration.
  String route(AskedDialect dialect, boolean streamed, int run) {
    return "f%s-%s-%s-%d"
        .formatted(id, dialect.name().toLowerCase(Locale.ROOT), streamed ? "s" : "w", run);
  }

  /// The model of a target of a route, which is its script.
  String model(int target, String route, String outage) {
    String script = targets.get(target);
    String trouble = end == End.OUTAGE && target == 0 ? "," + script + ",for=" + outage : "";
    String usual = end != End.OUTAGE && !script.isEmpty() ? "," + script : "";
    return "sim-" + ANSWER + ",id=" + route + "-" + target + trouble + usual;
  }
}
