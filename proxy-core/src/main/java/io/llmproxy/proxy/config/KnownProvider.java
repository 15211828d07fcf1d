package io.llmproxy.proxy.config;

import io.llmproxy.provider.api.ProviderApi;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The providers whose name alone tells their API and address.
enum KnownProvider {
  ANTHROPIC(ProviderApi.ANTHROPIC, "anthropic", "https://api.anthropic.com"),
  OPENAI(ProviderApi.OPENAI, "openai", "https://api.openai.com/v1"),
  GLM(ProviderApi.GLM, "openai", "https://open.bigmodel.cn/api/paas/v4"),
  GROQ(ProviderApi.GROQ, "openai", "https://api.groq.com/openai/v1"),
  GROK(ProviderApi.GROK, "openai", "https://api.x.ai/v1");

  private final ProviderApi kind;
  private final String dialect;
  private final URI baseUrl;

  KnownProvider(ProviderApi kind, String dialect, String baseUrl) {
    this.kind = kind;
    this.dialect = dialect;
    this.baseUrl = URI.create(baseUrl);
  }

  ProviderApi kind() {
    return kind;
  }

  String dialect() {
    return dialect;
  }

  static @Nullable KnownProvider of(String name) {
    for (KnownProvider known : values()) {
      if (known.word().equals(name)) {
        return known;
      }
    }
    return null;
  }

  static boolean has(String name) {
    return of(name) != null;
  }

  static List<String> names() {
    return Arrays.stream(values()).map(KnownProvider::word).toList();
  }

  static @Nullable URI defaultBaseUrl(ProviderApi kind) {
    for (KnownProvider known : values()) {
      if (known.kind == kind) {
        return known.baseUrl;
      }
    }
    return null;
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
