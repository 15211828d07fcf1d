package io.llmproxy.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Mistakes of people, each with the place and the words they get.
final class ConfigProblemsTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          log_levle: info                       | 2:3: unknown key "log_levle"; did you mean log_level?
          listen-addr: ":1"                     | 2:3: unknown key "listen-addr"; did you mean listen_addr?
          log_level: inof                       | 2:14: log_level: "inof" (expected: off, error, warn, info, debug, trace); did you mean info?
          log_level: [info]                     | 2:14: log_level: found a list (expected: a single value)
          log_level:                            | 2:3: log_level: has no value
          listen_addr: "8080"                   | 2:16: listen_addr: "8080" (expected: HOST:PORT, [IPV6]:PORT or :PORT, port 0 to 65535)
          listen_addr: ":65536"                 | 2:16: listen_addr: ":65536" (expected: HOST:PORT, [IPV6]:PORT or :PORT, port 0 to 65535)
          listen_addr: "1.2.3.999:1"            | 2:16: listen_addr: "1.2.3.999:1" (expected: HOST:PORT, [IPV6]:PORT or :PORT, port 0 to 65535)
          listen_addr: "::1:8080"               | 2:16: listen_addr: "::1:8080" (expected: HOST:PORT, [IPV6]:PORT or :PORT, port 0 to 65535)
          allow_anonymous: yes                  | 2:20: allow_anonymous: "yes" (expected: true or false)
          transport: kqueue                     | 2:14: transport: "kqueue" (expected: epoll, io_uring, nio)
          event_loops: -1                       | 2:16: event_loops: "-1" (expected: a whole number from 0 to 1024)
          timeouts: {idle: 5}                   | 2:20: timeouts.idle: "5" (expected: a duration such as 250ms, 2s, 1m or 1h, from 1ms to 24h)
          timeouts: {idle: 0s}                  | 2:20: timeouts.idle: "0s" (expected: a duration such as 250ms, 2s, 1m or 1h, from 1ms to 24h)
          timeouts: {idle: 999999999h}          | 2:20: timeouts.idle: "999999999h" (expected: a duration such as 250ms, 2s, 1m or 1h, from 1ms to 24h)
          timeouts: {total: 1 m}                | 2:21: timeouts.total: "1 m" (expected: a duration such as 250ms, 2s, 1m or 1h, from 1ms to 24h)
          limits: {max_body: 32MB}              | 2:22: limits.max_body: "32MB" (expected: a size such as 64KiB, 32MiB or 65536, from 1KiB to 1024MiB)
          limits: {max_body: 9999999999GiB}     | 2:22: limits.max_body: "9999999999GiB" (expected: a size such as 64KiB, 32MiB or 65536, from 1KiB to 1024MiB)
          limits: {max_connections: 0}          | 2:29: limits.max_connections: "0" (expected: a whole number from 1 to 1000000)
          shutdown: 30s                         | 2:13: shutdown: found a single value (expected: keys and values)
          tls: {cert: nowhere.pem, key: k.pem}  | 2:15: tls.cert: no such file, or not readable: "nowhere.pem"
          keys: {name: ci}                      | 2:9: keys: found keys and values (expected: a list)
          keys: [{name: ci}]                    | 2:10: keys[0]: needs hash (sha256: and 64 hexadecimal digits, as keys new prints them)
          keys: [{name: "a b", hash: "x"}]      | 2:17: keys[0].name: "a b" (expected: 1 to 64 letters, digits and . _ @ -, beginning with a letter or digit)
          trusted_proxies: [10.0.0.1/8]         | 2:21: trusted_proxies[0]: "10.0.0.1/8" (expected: a network such as 10.0.0.0/8 or 2001:db8::/32, with no bit set after its own)
          trusted_proxies: [localhost]          | 2:21: trusted_proxies[0]: "localhost" (expected: a network such as 10.0.0.0/8 or 2001:db8::/32, with no bit set after its own)
          cluster: {name: a}                    | 2:3: cluster: needs redis (where the proxies meet)
          cluster: {redis: "http://h"}          | 2:20: cluster.redis: expected: redis://HOST:PORT or rediss://HOST:PORT, with /DATABASE if need be; user and password have keys of their own
          cluster: {redis: "redis://h/x"}       | 2:20: cluster.redis: expected: redis://HOST:PORT or rediss://HOST:PORT, with /DATABASE if need be; user and password have keys of their own
          cluster: {redis: "redis://h", node: " "} | 2:39: cluster.node: " " (expected: letters, digits, dot, colon, dash and underscore, at most 63)
          cost_budget: {daily_limit: -1}        | 2:30: cost_budget.daily_limit: "-1" (expected: US dollars, such as 2.5, at most 9 decimals, not negative)
          rate_limits: {per_ip: {rpm: 1}}       | 2:26: rate_limits.per_ip: unknown key "rpm" (known: requests_per_minute, tokens_per_minute, concurrent_requests)
          routes: {a: b}                        | 2:11: routes: found keys and values (expected: a list)
          log_level: "${LEVEL}"                 | 2:14: log_level: environment variable LEVEL is not set (or write ${LEVEL:-default})
          log_level: "${LEVEL"                  | 2:14: log_level: "${" without its "}" (write "$${" for the text "${")
          log_level: "${1st}"                   | 2:14: log_level: "${…}" needs the name of a variable, as in ${NAME:-default}
          log_level: "${A:-${B}}"               | 2:14: log_level: the default of ${A:-…} cannot hold a further variable
          """)
  void namesThePlaceAndTheRemedy(String line, String problem) {
    assertThat(ConfigFile.of(directory, "llmproxy:\n  " + line + "\n").problems())
        .contains(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          openai: {}                                                   | 3:5: providers.openai: needs api_key (or api_keys, or api_key_file)
          openai:                                                      | 3:5: providers.openai: needs api_key (or api_keys, or api_key_file)
          antropic: {api_key: k, base_url: "http://h"}                 | 3:5: providers.antropic: needs type (openai or anthropic), as it is none of anthropic, openai, glm, groq, grok; did you mean anthropic?
          mine: {type: openai}                                         | 3:5: providers.mine: needs base_url
          mine: {type: opena, base_url: "http://h"}                    | 3:18: providers.mine.type: "opena" (expected: openai, anthropic); did you mean openai?
          glm: {api_key: k, type: anthropic}                           | 3:29: providers.glm.type: the provider glm speaks openai (leave type out)
          a/b: {type: openai}                                          | 3:5: providers: "a/b" (expected: letters, digits, ".", "_", "-")
          glm: {api_key: k, api_keys: [k]}                             | 3:23: providers.glm.api_keys: give only one of api_key, api_keys, api_key_file
          glm: {api_key: "a b"}                                        | 3:20: providers.glm.api_key: a key is printable ASCII without blanks, and not empty (it is not shown)
          glm: {api_key: "a\\r\\nx: y"}                                | 3:20: providers.glm.api_key: a key is printable ASCII without blanks, and not empty (it is not shown)
          glm: {api_key: ""}                                           | 3:20: providers.glm.api_key: a key is printable ASCII without blanks, and not empty (it is not shown)
          glm: {api_keys: []}                                          | 3:21: providers.glm.api_keys: needs at least one key
          glm: {api_keys: [{weight: 2}]}                               | 3:22: providers.glm.api_keys[0]: needs key
          glm: {api_key_file: none}                                    | 3:25: providers.glm.api_key_file: no such file, or not readable: "none"
          glm: {api_key: k, base_url: "h"}                             | 3:33: providers.glm.base_url: expected: http:// or https://, a host, perhaps a port and a path, and nothing else (its value is not shown)
          glm: {api_key: k, base_url: "http://u:pw@h"}                 | 3:33: providers.glm.base_url: expected: http:// or https://, a host, perhaps a port and a path, and nothing else (its value is not shown)
          glm: {api_key: k, base_url: "http://h:0/v1"}                 | 3:33: providers.glm.base_url: expected: http:// or https://, a host, perhaps a port and a path, and nothing else (its value is not shown)
          glm: {api_key: k, base_url: "http://h/v1/chat/completions"}  | 3:33: providers.glm.base_url: leave out /chat/completions: base_url is what stands before it
          glm: {api_key: k, http2: maybe}                              | 3:30: providers.glm.http2: "maybe" (expected: auto, prior_knowledge, never)
          glm: {api_key: k, ca_file: none.pem}                         | 3:32: providers.glm.ca_file: no such file, or not readable: "none.pem"
          glm: {api_key: k, models: [{alias: a}]}                      | 3:32: providers.glm.models[0]: needs name (a text)
          glm: {api_key: k, models: [a, {name: b, alias: a}]}          | 3:52: providers.glm.models[1].alias: the name "a" is taken by another model or alias here
          glm: {api_key: k, models: [{name: a, prize: 1}]}             | 3:42: providers.glm.models[0]: unknown key "prize"; did you mean price?
          """)
  void namesThePlaceAndTheRemedyWithinAProvider(String line, String problem) {
    String yaml = "llmproxy:\n  providers:\n    " + line + "\n";
    assertThat(ConfigFile.of(directory, yaml).problems()).contains(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {targets: [glm/a]}                         | 5:7: routes[0]: needs model (a text)
          {model: m}                                 | 5:7: routes[0]: needs targets (a list of provider/model)
          {model: m, targets: []}                    | 5:27: routes[0].targets: needs at least one provider/model
          {model: m, targets: [glm]}                 | 5:28: routes[0].targets[0]: "glm" (expected: provider/model, such as openai/gpt-4o)
          {model: m, targets: [gml/a]}               | 5:28: routes[0].targets[0]: no provider "gml" under providers; did you mean glm?
          {model: m, targets: [{weight: 1}]}         | 5:28: routes[0].targets[0]: needs target (provider/model)
          {model: m, targets: [{target: {a: b}}]}    | 5:37: routes[0].targets[0].target: found keys and values (expected: a single value)
          {model: m, targets: [glm/a], strategy: x}  | 5:46: routes[0].strategy: "x" (expected: ordered, weighted, fastest)
          """)
  void namesThePlaceAndTheRemedyWithinARoute(String route, String problem) {
    String yaml =
        "llmproxy:\n  providers:\n    glm: {api_key: k}\n  routes:\n    - " + route + "\n";
    assertThat(ConfigFile.of(directory, yaml).problems()).contains(problem);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 2",
    "1.0000000001, 2",
    "1e3, 2",
    "9999999999, 2",
    "NaN, 2",
    "'1,5', 2",
    "1, -0.1"
  })
  void refusesPricesThatAreNotExactDollars(String input, String output) {
    String yaml =
        """
        llmproxy:
          providers:
            glm:
              api_key: k
              models:
                - name: a
                  price: {input: "%s", output: "%s"}
        """
            .formatted(input, output);
    assertThat(ConfigFile.of(directory, yaml).problems())
        .singleElement()
        .asString()
        .startsWith("7:")
        .contains("expected: US dollars, such as 2.5, at most 9 decimals, not negative");
  }

  @Test
  void reportsAllProblemsInTheOrderOfTheFile() {
    String yaml =
        """
        llmproxy:
          log_level: loud
          providers:
            openai:
              api_key: k
              base_url: ftp://h
            mine: {}
          limits:
            max_body: big
          nonsense: 1
        """;
    assertThat(ConfigFile.of(directory, yaml).problems())
        .extracting(problem -> problem.substring(0, problem.indexOf(':')))
        .containsExactly("2", "6", "7", "7", "9", "10");
  }

  @Test
  void refusesASecondRouteOfTheSameName() {
    String yaml =
        """
        llmproxy:
          providers: {glm: {api_key: k}}
          routes:
            - {model: m, targets: [glm/a]}
            - {model: m, targets: [glm/b]}
        """;
    assertThat(ConfigFile.of(directory, yaml).problems())
        .containsExactly("5:7: routes[1]: a second route for \"m\"");
  }

  @Test
  void refusesProxiesThatWouldGoByOneName() {
    String yaml =
        """
        llmproxy:
          listen_addr: 127.0.0.1:0
          cluster: {redis: "redis://h"}
        """;
    assertThat(ConfigFile.of(directory, yaml).problems())
        .containsExactly(
            "3:3: cluster: needs node where listen_addr has no port: proxies go by these names");
  }

  @Test
  void namesAMissingVariableAndItsLine() {
    String yaml =
        """
        llmproxy:
          admin:
            token: ${ADMIN_TOKEN}
        """;
    assertThat(ConfigFile.of(directory, yaml).problems(Map.of("OTHER", "x")))
        .containsExactly(
            "3:12: admin.token: environment variable ADMIN_TOKEN is not set"
                + " (or write ${ADMIN_TOKEN:-default})");
  }
}
