package io.llmproxy.proxy.auth;

import io.llmproxy.proxy.config.BudgetSettings;
import io.llmproxy.proxy.config.KeySettings;
import io.llmproxy.proxy.config.RateSettings;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who asks, and what it may.
///
/// @param name the key's, the token's, or the IP address
/// @param models names or patterns such as `claude-*`; empty for all
/// @param rates its own limits; NONE where it has none of its own
/// @param budget its own budget; NONE where it has none of its own
/// @param expires from when on it is nobody; null for never
public record Principal(
    Kind kind,
    String name,
    List<String> models,
    RateSettings rates,
    BudgetSettings budget,
    @Nullable Instant expires)
    implements Identity {

  /// How a principal is known.
  public enum Kind {
    KEY,
    TOKEN,
    ADDRESS
  }

  /// Who is known by its IP address alone.
  public static Principal ofAddress(String address) {
    return new Principal(
        Kind.ADDRESS, address, List.of(), RateSettings.NONE, BudgetSettings.NONE, null);
  }

  static Principal ofKey(KeySettings key) {
    return new Principal(
        Kind.KEY, key.name(), key.models(), key.rates(), key.budget(), key.expires());
  }

  /// Whether it may use the model that it asks for by this name.
  public boolean allows(String model) {
    if (models.isEmpty()) {
      return true;
    }
    for (int i = 0; i < models.size(); i++) {
      if (matches(models.get(i), model)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(String pattern, String model) {
    int last = pattern.length() - 1;
    return pattern.charAt(last) == '*'
        ? model.regionMatches(0, pattern, 0, last)
        : model.equals(pattern);
  }
}
