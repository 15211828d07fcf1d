package io.llmproxy.proxy.auth;

import com.auth0.jwt.algorithms.Algorithm;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.llmproxy.proxy.config.JwtSettings;
import java.io.IOException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keys that check signatures, each bound to its one algorithm. Immutable.
record KeySet(List<Entry> entries) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LEAST_RSA_BITS = 2048;

  /// @param id null for a key that answers to any
  record Entry(@Nullable String id, Algorithm algorithm) {}

  static KeySet of(Algorithm only) {
    return new KeySet(List.of(new Entry(null, only)));
  }

  /// Reads a JSON Web Key Set (RFC 7517). Keys that are of no use here are passed over.
  ///
  /// @throws IOException where it is none, or holds no key of use
  static KeySet read(byte[] json, Set<JwtSettings.Algorithm> algorithms) throws IOException {
    JsonNode root = JSON.readTree(json);
    List<Entry> entries = new ArrayList<>();
    for (JsonNode key : root.path("keys")) {
      Algorithm algorithm = algorithm(key, algorithms);
      if (algorithm != null) {
        entries.add(new Entry(key.path("kid").textValue(), algorithm));
      }
    }
    if (entries.isEmpty()) {
      throw new IOException("no key for " + algorithms + " in the issuer's key set");
    }
    return new KeySet(List.copyOf(entries));
  }

  private static @Nullable Algorithm algorithm(
      JsonNode key, Set<JwtSettings.Algorithm> algorithms) {
    if (!key.path("use").asText("sig").equals("sig")) {
      return null;
    }
    JwtSettings.Algorithm of =
        switch (key.path("kty").asText()) {
          case "RSA" -> JwtSettings.Algorithm.RS256;
          case "EC" -> JwtSettings.Algorithm.ES256;
          default -> JwtSettings.Algorithm.HS256;
        };
    boolean meant = key.path("alg").asText(of.name()).equals(of.name());
    if (!meant || !algorithms.contains(of)) {
      return null;
    }
    try {
      return switch (of) {
        case RS256 -> rsa(key);
        case ES256 -> ec(key);
        // A published key set has no secrets.
        case HS256 -> null;
      };
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      return null;
    }
  }

  private static @Nullable Algorithm rsa(JsonNode key) throws GeneralSecurityException {
    BigInteger modulus = number(key, "n");
    RSAPublicKeySpec spec = new RSAPublicKeySpec(modulus, number(key, "e"));
    return modulus.bitLength() < LEAST_RSA_BITS
        ? null
        : Algorithm.RSA256((RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(spec), null);
  }

  private static @Nullable Algorithm ec(JsonNode key) throws GeneralSecurityException {
    if (!key.path("crv").asText().equals("P-256")) {
      return null;
    }
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    ECParameterSpec curve = parameters.getParameterSpec(ECParameterSpec.class);
    ECPublicKeySpec spec =
        new ECPublicKeySpec(new ECPoint(number(key, "x"), number(key, "y")), curve);
    return Algorithm.ECDSA256(
        (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(spec), null);
  }

  private static BigInteger number(JsonNode key, String field) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(key.path(field).asText()));
  }

  /// The key of this id that is used with this algorithm; where a token names no key, the only one
  /// there is for its algorithm. Null for none.
  @Nullable Algorithm find(@Nullable String id, @Nullable String algorithm) {
    Algorithm found = null;
    int fitting = 0;
    for (Entry entry : entries) {
      boolean named = id == null || entry.id() == null || id.equals(entry.id());
      if (named && entry.algorithm().getName().equals(algorithm)) {
        found = entry.algorithm();
        fitting++;
      }
    }
    return fitting == 1 ? found : null;
  }
}
