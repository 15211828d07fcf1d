package io.llmproxy.proxy.config;

import io.llmproxy.provider.api.ProviderApi;
import io.llmproxy.provider.glm.GlmKey;
import io.llmproxy.proxy.config.ProviderSettings.ApiKey;
import io.llmproxy.proxy.config.ProviderSettings.Auth;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads `auth` of a provider: `token` signs one with GLM's key of two parts, `key` shows the key
/// as it is. Without it, keys of GLM's that have two parts make tokens.
final class GlmAuthReader {
  private static final Syntax<Auth> AUTH = Syntax.oneOf(Auth.KEY, Auth.TOKEN);

  private GlmAuthReader() {}

  static Auth read(YamlSection provider, @Nullable ProviderApi kind, List<ApiKey> keys) {
    YamlValue value = provider.get("auth");
    Auth given = provider.read("auth", AUTH);
    if (value != null && given != null && kind != null && kind != ProviderApi.GLM) {
      value.problem("only GLM has it (leave auth out)");
      return Auth.KEY;
    }
    if (kind != ProviderApi.GLM || given == Auth.KEY) {
      return Auth.KEY;
    }
    String wrong =
        keys.stream().map(GlmAuthReader::flaw).filter(f -> !f.isEmpty()).findFirst().orElse("");
    if (given == Auth.TOKEN && value != null && !wrong.isEmpty()) {
      value.problem(wrong);
    }
    return wrong.isEmpty() ? Auth.TOKEN : Auth.KEY;
  }

  /// What keeps a token from being signed with `key`; empty where nothing does.
  private static String flaw(ApiKey key) {
    try {
      GlmKey.parse(key.secret().reveal());
      return "";
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
