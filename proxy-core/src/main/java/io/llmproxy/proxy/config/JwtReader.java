package io.llmproxy.proxy.config;

import io.llmproxy.proxy.config.JwtSettings.Algorithm;
import io.llmproxy.proxy.config.JwtSettings.Verification;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads `jwt`: whose tokens stand for keys.
final class JwtReader {
  private static final int LEAST_SECRET_BYTES = 32;
  private static final int MOST_SECRET_BYTES = 64 << 10;
  private static final Duration LONGEST_LEEWAY = Duration.ofMinutes(10);
  private static final Syntax<Algorithm> ALGORITHM =
      new Syntax<>(
          "HS256, RS256, ES256",
          List.of("HS256", "RS256", "ES256"),
          text ->
              switch (text) {
                case "HS256" -> Algorithm.HS256;
                case "RS256" -> Algorithm.RS256;
                case "ES256" -> Algorithm.ES256;
                default -> null;
              });
  private static final List<String> SOURCES =
      List.of("secret", "secret_file", "jwks_file", "jwks_url");
  private static final Set<Algorithm> PUBLIC = EnumSet.of(Algorithm.RS256, Algorithm.ES256);

  private JwtReader() {}

  static @Nullable JwtSettings read(YamlSection root) {
    YamlSection section =
        root.section(
            "jwt",
            "issuer",
            "audience",
            "secret",
            "secret_file",
            "jwks_file",
            "jwks_url",
            "algorithms",
            "name_claim",
            "models_claim",
            "leeway",
            "rate_limits",
            "cost_budget");
    if (section == null) {
      return null;
    }
    String issuer = section.need("issuer", Scalars.TEXT);
    String audience = section.need("audience", Scalars.TEXT);
    Verification verification = verification(section);
    Set<Algorithm> algorithms = algorithms(section);
    Duration leeway = leeway(section);
    RateSettings rates = AllowanceReader.rates(section);
    BudgetSettings budget = AllowanceReader.budget(section);
    String name = section.read("name_claim", Scalars.TEXT, "sub");
    String models = section.read("models_claim", Scalars.TEXT);
    return issuer == null || audience == null || verification == null
        ? null
        : new JwtSettings(
            issuer, audience, verification, algorithms, name, models, leeway, rates, budget);
  }

  private static Duration leeway(YamlSection section) {
    Duration leeway = section.read("leeway", Scalars.DURATION_OR_ZERO, Duration.ZERO);
    YamlValue value = section.get("leeway");
    if (value != null && leeway.compareTo(LONGEST_LEEWAY) > 0) {
      value.problem("a leeway of more than 10m would let expired tokens live on");
    }
    return leeway;
  }

  private static @Nullable Verification verification(YamlSection section) {
    List<String> given = SOURCES.stream().filter(name -> section.get(name) != null).toList();
    YamlValue value = given.isEmpty() ? null : section.get(given.getFirst());
    if (value == null) {
      section.owner().keyProblem("needs one of " + String.join(", ", SOURCES));
      return null;
    }
    for (String further : given.subList(1, given.size())) {
      YamlValue other = section.get(further);
      if (other != null) {
        other.keyProblem("give only one of " + String.join(", ", SOURCES));
      }
    }
    return switch (given.getFirst()) {
      case "secret" -> shared(value, value.secret());
      case "secret_file" -> shared(value, secretIn(value));
      case "jwks_file" -> {
        Path file = value.readableFile();
        yield file == null ? null : new JwtSettings.KeyFile(file);
      }
      default -> {
        URI url = url(value);
        yield url == null ? null : new JwtSettings.KeyUrl(url);
      }
    };
  }

  private static @Nullable Verification shared(YamlValue value, @Nullable Secret secret) {
    if (secret != null
        && secret.reveal().getBytes(StandardCharsets.UTF_8).length < LEAST_SECRET_BYTES) {
      value.problem("HS256 needs a secret of at least 32 bytes (its value is not shown)");
    }
    return secret == null ? null : new JwtSettings.SharedSecret(secret);
  }

  private static @Nullable Secret secretIn(YamlValue value) {
    Path file = value.readableFile();
    if (file == null) {
      return null;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_SECRET_BYTES);
      return new Secret(new String(bytes, StandardCharsets.UTF_8).strip());
    } catch (IOException _) {
      value.problem("no such file, or not readable: " + Shown.quoted(String.valueOf(value.raw())));
      return null;
    }
  }

  private static @Nullable URI url(YamlValue value) {
    String text = value.text();
    if (text == null) {
      return null;
    }
    URI url = parse(text.strip());
    if (url == null) {
      value.problem(
          "expected: https:// and a host, perhaps a port and a path; http:// to this machine alone"
              + " (its value is not shown)");
    }
    return url;
  }

  /// Whoever could answer for the issuer could let anybody in.
  private static @Nullable URI parse(String text) {
    try {
      URI url = new URI(text);
      String host = url.getHost();
      if (host == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
        return null;
      }
      String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      boolean own = "http".equals(url.getScheme()) && AddressSyntax.isLoopback(bare);
      return own || "https".equals(url.getScheme()) ? url : null;
    } catch (URISyntaxException _) {
      return null;
    }
  }

  /// By default those that fit; a secret and public keys never go together, lest a public key be
  /// taken for a secret.
  private static Set<Algorithm> algorithms(YamlSection section) {
    boolean shared = section.get("secret") != null || section.get("secret_file") != null;
    Set<Algorithm> fitting = shared ? EnumSet.of(Algorithm.HS256) : PUBLIC;
    Set<Algorithm> wanted = EnumSet.noneOf(Algorithm.class);
    for (YamlValue item : section.items("algorithms")) {
      Algorithm algorithm = item.read(ALGORITHM);
      if (algorithm != null && !fitting.contains(algorithm)) {
        item.problem(
            shared
                ? "a secret goes with HS256 alone"
                : "public keys go with RS256 and ES256 alone");
      } else if (algorithm != null) {
        wanted.add(algorithm);
      }
    }
    return Set.copyOf(wanted.isEmpty() ? fitting : wanted);
  }
}
