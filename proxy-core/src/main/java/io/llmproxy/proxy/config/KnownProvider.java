package io.llmproxy.proxy.config;

import io.llmproxy.proxy.config.ProviderSettings.Kind;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The providers whose name alone tells their API and address.
enum KnownProvider {
  ANTHROPIC(Kind.ANTHROPIC, "anthropic", "https://api.anthropic.com"),
  OPENAI(Kind.OPENAI, "openai", "https://api.openai.com/v1"),
  GLM(Kind.GLM, "openai", "https://open.bigmodel.cn/api/paas/v4"),
  GROQ(Kind.GROQ, "openai", "https://api.groq.com/openai/v1"),
  GROK(Kind.GROK, "openai", "https://api.x.ai/v1");

  private final Kind kind;
  private final String dialect;
  private final URI baseUrl;

  KnownProvider(Kind kind, String dialect, String baseUrl) {
    this.kind = kind;
    this.dialect = dialect;
    this.baseUrl = URI.create(baseUrl);
  }

  Kind kind() {
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

  static @Nullable URI defaultBaseUrl(Kind kind) {
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
