package io.llmproxy.bench.faults;

import java.util.Arrays;
import java.util.List;

/// A statement about faults of callers (C) and of what is upstream (U), and what shows it.
///
/// @param cases rows of the scorecard that show it, or a part of it
/// @param tests test classes that do, each with its package below `io.llmproxy`
/// @param open what nothing shows; empty where all of it is shown
public record Claim(
    String id, String statement, List<String> cases, List<String> tests, String open) {

  private static final String TABLE =
      """
      C1  | a caller that leaves at any point cancels upstream and leaves nothing behind |  | bench.e2e.DeparturesIT, bench.e2e.ManyDeparturesIT, bench.e2e.CancellationsIT, bench.e2e.EdgeCasesIT, bench.e2e.DrainsIT |
      C2  | a reset stream leaves its siblings alone                             |           | bench.e2e.CancellationsIT |
      C3  | a caller that stops reading stops its provider                       |           | bench.e2e.BackPressureIT, bench.e2e.StalledCallersIT |
      C4  | ten thousand idle connections |  | bench.e2e.IdleConnectionsIT |
      C5  | garbage on the port is refused                                       |           | bench.e2e.Http1ConnectionsIT, bench.e2e.RefusalsIT, bench.e2e.GarbageIT |
      U1  | a refused connection fails over, or is an error in the dialect       | 5a, 5b    | bench.e2e.EndingsIT, bench.e2e.UpstreamConnectionsIT, bench.faults.FailoverTimesIT |
      U2  | a connection that is never accepted ends in time |  | proxy.upstream.OpeningIT |
      U3  | a provider that never answers ends in a timeout and is not asked again | 6a, 6b  | bench.e2e.DeadlinesIT, bench.e2e.LedgerIT |
      U4  | silence after the first token ends in time | 9 | bench.e2e.DeadlinesIT, bench.e2e.RoutesIT |
      U5  | a reply split anywhere is the same reply |  | bench.e2e.UpstreamConnectionsIT, bench.e2e.CutsIT, bench.e2e.SplitsIT |
      U6  | a stream that is cut never ends cleanly | 8, 11 | bench.e2e.EndingsIT, bench.e2e.CutsIT, bench.e2e.ResumeIT, bench.e2e.FailoversIT |
      U7  | what is no answer ends in an error with bounded memory               | U7a, U7b, U7c, U7d | bench.e2e.UpstreamConnectionsIT, bench.e2e.EndingsIT, bench.e2e.UselessRepliesIT, bench.e2e.RecordsWithoutEndIT |
      U8  | GOAWAY: what runs finishes, what was not begun is sent again |  | bench.e2e.UpstreamHttp2IT, proxy.upstream.Http2PoolIT |
      U9  | few streams a connection: requests wait and none is lost |  | proxy.upstream.Http2PoolIT |
      U10 | a connection that is half open is given up |  | bench.e2e.UpstreamHttp2IT, proxy.upstream.Http2LifeIT |
      U11 | names that cannot be resolved, or slowly |  | proxy.upstream.OpeningIT |
      U12 | a wrong certificate is refused before any key is sent |  | bench.e2e.TlsIT, proxy.upstream.OpeningIT |
      U13 | 429, 529, 500: to the fallback, keys rest, few repetitions | 1a, 1b, 2a, 2b, 3a, 3b, 4a, 4b, 15 | bench.e2e.RoutesIT, proxy.route.KeysTest, proxy.route.AllowanceTest |
      U14 | a slow provider takes nothing from the others | 7 | bench.e2e.MixedLoadIT, bench.e2e.BrownOutIT, proxy.route.CrowdTest |
      """;

  /// All rows.
  public static List<Claim> all() {
    return TABLE.lines().map(Claim::read).toList();
  }

  private static Claim read(String line) {
    List<String> cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
    return new Claim(
        cells.get(0), cells.get(1), list(cells.get(2)), list(cells.get(3)), cells.get(4));
  }

  private static List<String> list(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" *, *", -1));
  }
}
