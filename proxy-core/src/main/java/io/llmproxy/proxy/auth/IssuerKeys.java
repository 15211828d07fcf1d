package io.llmproxy.proxy.auth;

import com.auth0.jwt.algorithms.Algorithm;
import io.llmproxy.proxy.config.JwtSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/// What the signatures of one issuer are checked against.
sealed interface IssuerKeys extends AutoCloseable permits IssuerKeys.Fixed, FetchedKeys {

  Unknown NO_SUCH_KEY =
      Unknown.because("the token is signed with no key of the issuer that this proxy knows");

  /// A key, or why there is none.
  sealed interface Found {
    record Key(Algorithm algorithm) implements Found {}

    record None(Unknown why) implements Found {}
  }

  /// The key of this id that is used with this algorithm, both as a token names them.
  Found find(@Nullable String id, @Nullable String algorithm);

  @Override
  void close();

  static IssuerKeys of(JwtSettings settings) throws IOException {
    return switch (settings.verification()) {
      case JwtSettings.SharedSecret(var secret) ->
          new Fixed(KeySet.of(Algorithm.HMAC256(secret.reveal().getBytes(StandardCharsets.UTF_8))));
      case JwtSettings.KeyFile(var file) ->
          new Fixed(KeySet.read(Files.readAllBytes(file), settings.algorithms()));
      case JwtSettings.KeyUrl(var url) -> FetchedKeys.start(url, settings.algorithms());
    };
  }

  /// Keys that stay as they are.
  record Fixed(KeySet keys) implements IssuerKeys {
    @Override
    public Found find(@Nullable String id, @Nullable String algorithm) {
      Algorithm key = keys.find(id, algorithm);
      return key == null ? new Found.None(NO_SUCH_KEY) : new Found.Key(key);
    }

    @Override
    public void close() {}
  }
}
