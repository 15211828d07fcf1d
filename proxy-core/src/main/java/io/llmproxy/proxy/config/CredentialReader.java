package io.llmproxy.proxy.config;

import io.llmproxy.proxy.config.ProviderCredentials.LeftOut;
import io.llmproxy.proxy.config.ProviderCredentials.Usable;
import io.llmproxy.proxy.config.ProviderCredentials.Wrong;
import io.llmproxy.proxy.config.ProviderSettings.ApiKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the keys of one provider from `api_key`, `api_keys` or `api_key_file`. A key whose
/// variable is not set is no problem: then the provider has one key less, or is left out.
final class CredentialReader {
  private static final int MAX_KEY_BYTES = 64 << 10;
  private static final Syntax<Integer> WEIGHT = Scalars.count(1, 1_000_000);

  private final YamlSection provider;
  private final boolean needed;
  private final List<ApiKey> keys = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private boolean wrong;
  private boolean blank;

  private CredentialReader(YamlSection provider, boolean needed) {
    this.provider = provider;
    this.needed = needed;
  }

  static ProviderCredentials read(YamlSection provider, boolean needed) {
    return new CredentialReader(provider, needed).credentials();
  }

  private ProviderCredentials credentials() {
    int sources = readAll();
    if (wrong) {
      return new Wrong();
    }
    if (sources == 0 && needed) {
      provider.owner().keyProblem("needs api_key (or api_keys, or api_key_file)");
      return new Wrong();
    }
    if (keys.isEmpty() && (!missing.isEmpty() || (blank && needed))) {
      return new LeftOut(missing.isEmpty() ? "its key is empty" : String.join(", ", missing));
    }
    if (!missing.isEmpty()) {
      provider.owner().warn("goes on with " + keys.size() + " of its keys: " + missing.getFirst());
    }
    return new Usable(List.copyOf(keys));
  }

  private int readAll() {
    int sources = 0;
    for (String source : List.of("api_key", "api_keys", "api_key_file")) {
      YamlValue value = provider.get(source);
      if (value == null) {
        continue;
      }
      sources++;
      if (sources > 1) {
        value.keyProblem("give only one of api_key, api_keys, api_key_file");
        wrong = true;
      }
      switch (source) {
        case "api_key" -> key(value, 1);
        case "api_keys" -> keys(value);
        default -> keyFile(value);
      }
    }
    return sources;
  }

  private void keys(YamlValue list) {
    List<YamlValue> items = list.items();
    if (items.isEmpty()) {
      refuse(list, "needs at least one key");
    }
    for (YamlValue item : items) {
      if (!item.isMapping()) {
        key(item, 1);
        continue;
      }
      YamlSection entry = item.section("key", "weight");
      int weight = entry.read("weight", WEIGHT, 1);
      YamlValue key = entry.get("key");
      if (key == null) {
        refuse(item, "needs key");
      } else {
        key(key, weight);
      }
    }
  }

  private void key(YamlValue value, int weight) {
    String text = text(value);
    if (text != null) {
      keep(value, text.strip(), weight);
    }
  }

  private void keyFile(YamlValue value) {
    String name = text(value);
    Path file = value.path(name);
    if (file == null) {
      wrong |= name != null;
      return;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_KEY_BYTES);
      keep(value, new String(bytes, StandardCharsets.UTF_8).strip(), 1);
    } catch (IOException _) {
      refuse(value, "no such file, or not readable: " + Shown.quoted(String.valueOf(value.raw())));
    }
  }

  private void keep(YamlValue value, String key, int weight) {
    boolean fromVariable = key.isEmpty() && String.valueOf(value.raw()).contains("${");
    if (fromVariable) {
      blank = true;
    } else if (YamlValue.isHeaderSafe(key)) {
      keys.add(new ApiKey(new Secret(key), weight));
    } else {
      refuse(value, "a key is printable ASCII without blanks, and not empty (it is not shown)");
    }
  }

  /// The text with its variables; null after a problem, or when a variable is missing.
  private @Nullable String text(YamlValue value) {
    return switch (value.expansion()) {
      case Expansion.Text(String text) -> text;
      case Expansion.Missing(String variable) -> {
        missing.add(
            "environment variable " + variable + " is not set (line " + value.place().line() + ")");
        yield null;
      }
      case Expansion.Malformed(String reason) -> {
        refuse(value, reason);
        yield null;
      }
      case null -> {
        wrong = true;
        yield null;
      }
    };
  }

  private void refuse(YamlValue value, String message) {
    value.problem(message);
    wrong = true;
  }
}
