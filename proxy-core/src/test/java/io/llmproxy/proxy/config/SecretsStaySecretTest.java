package io.llmproxy.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No problem, no warning and no text form of a record shows a secret, even a misplaced one.
final class SecretsStaySecretTest {
  private static final String SECRET = "sk-ant-TOPSECRET0123456789";

  @TempDir Path directory;

  @Test
  void settingsDoNotPrintTheirSecrets() throws IOException {
    Files.writeString(directory.resolve("key"), SECRET + "3");
    String yaml =
        """
        llmproxy:
          admin: {token: %1$s}
          providers:
            anthropic: {api_key: %1$s}
            openai: {api_keys: ["${K}", {key: %1$s2, weight: 2}]}
            glm: {api_key_file: key}
        """
            .formatted(SECRET);
    Settings settings = ConfigFile.of(directory, yaml).settings(Map.of("K", SECRET + "1"));
    assertThat(settings.providers())
        .flatExtracting(ProviderSettings::apiKeys)
        .extracting(key -> key.secret().reveal())
        .containsExactly(SECRET, SECRET + "1", SECRET + "2", SECRET + "3");
    assertThat(settings + settings.warnings().toString()).doesNotContain("TOPSECRET");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "log_level: ${S}",
        "listen_addr: ${S}",
        "admin: {token: \"${S} ${S}\"}",
        "admin: {token: \"" + SECRET + " x\"}",
        "cluster: {redis: \"http://:" + SECRET + "@h\"}",
        "cluster: {redis: \"redis://:" + SECRET + "@h\"}",
        "cluster: {redis: \"redis://h\", password: [" + SECRET + "]}",
        "cluster: {redis: [\"" + SECRET + "\"]}",
        "log_level: " + SECRET,
        SECRET + ": 1",
        "providers: {" + SECRET + "/x: {}}",
        "providers: {openai: " + SECRET + "}",
        "providers: {openai: {api_key: {" + SECRET + ": 1}}}",
        "providers: {openai: {api_key: [" + SECRET + "]}}",
        "providers: {openai: {api_key: \"" + SECRET + " \\n x\"}}",
        "providers: {openai: {api_keys: " + SECRET + "}}",
        "providers: {openai: {api_keys: {" + SECRET + ": 1}}}",
        "providers: {openai: {api_keys: [{" + SECRET + ": 1}]}}",
        "providers: {openai: {api_keyy: " + SECRET + "}}",
        "providers: {openai: {api_key_file: " + SECRET + "}}",
        "providers: {openai: {api_key: k, base_url: \"https://" + SECRET + "@h\"}}",
        "providers: {openai: {api_key: k, base_url: \"https://h?key=" + SECRET + "\"}}",
        "providers: {openai: {api_key: k, type: " + SECRET + "}}",
        "routes: [{model: m, targets: [" + SECRET + "]}]",
        "tls: {cert: " + SECRET + ", key: " + SECRET + "}",
        "keys: [{name: a, hash: " + SECRET + "}]",
        "providers: {openai: {api_key: *" + SECRET + "}}",
        "providers: {openai: {api_key: !" + SECRET + " x}}",
        "providers: {openai: {api_key: \"" + SECRET + "}}",
        "providers: {openai: {api_key: @" + SECRET + "}}",
        "providers: {openai: {api_key: !x!" + SECRET + " a}}",
        "%" + SECRET + " x",
      })
  void problemsDoNotShowASecret(String line) {
    List<String> problems =
        ConfigFile.of(directory, "llmproxy:\n  " + line + "\n").problems(Map.of("S", SECRET));
    assertThat(problems).isNotEmpty();
    assertThat(problems.toString()).doesNotContain("TOPSECRET");
  }
}
