package io.llmproxy.proxy.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import com.sun.net.httpserver.HttpServer;
import io.llmproxy.proxy.config.BudgetSettings;
import io.llmproxy.proxy.config.JwtSettings;
import io.llmproxy.proxy.config.JwtSettings.SharedSecret;
import io.llmproxy.proxy.config.KeyHash;
import io.llmproxy.proxy.config.RateSettings;
import io.llmproxy.proxy.config.Secret;
import io.llmproxy.proxy.failure.FailureKind;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Tokens of an issuer, most of them forged.
@Timeout(30)
final class TokensTest {

  private static final String SECRET = "a-secret-of-more-than-32-bytes-for-HS256";
  private static final KeyPair RSA = pair("RSA", 2048);
  private static final KeyPair EC = pair("EC", 256);
  private static final Algorithm SIGN_RSA =
      Algorithm.RSA256((RSAPublicKey) RSA.getPublic(), (RSAPrivateKey) RSA.getPrivate());
  private static final Algorithm SIGN_EC =
      Algorithm.ECDSA256((ECPublicKey) EC.getPublic(), (ECPrivateKey) EC.getPrivate());
  private static final EnumSet<JwtSettings.Algorithm> PUBLIC =
      EnumSet.of(JwtSettings.Algorithm.RS256, JwtSettings.Algorithm.ES256);
  private static final FetchedKeys.Pace FAST =
      new FetchedKeys.Pace(Duration.ofSeconds(20), Duration.ofMillis(50), Duration.ofMillis(500));

  private static KeyPair pair(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JwtSettings settings(@Nullable String modelsClaim) {
    return new JwtSettings(
        "https://issuer.example",
        "llmproxy",
        new SharedSecret(new Secret(SECRET)),
        EnumSet.of(JwtSettings.Algorithm.HS256),
        "sub",
        modelsClaim,
        Duration.ZERO,
        RateSettings.NONE,
        BudgetSettings.NONE);
  }

  private static JWTCreator.Builder claims() {
    return JWT.create()
        .withIssuer("https://issuer.example")
        .withAudience("llmproxy")
        .withSubject("ada")
        .withExpiresAt(Instant.now().plusSeconds(60));
  }

  private static Identity find(Tokens tokens, String token) {
    byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
    Shown shown = new Shown(bytes, 0, bytes.length);
    assertThat(shown.isToken()).as(token).isTrue();
    return tokens.find(shown, KeyHash.ofKey(bytes));
  }

  private static Identity byHmac(String token) throws IOException {
    try (Tokens tokens = Tokens.of(settings(null))) {
      return find(tokens, token);
    }
  }

  private static Identity byKeys(String token) throws IOException {
    IssuerKeys keys = new IssuerKeys.Fixed(KeySet.read(jwks("r1", "e1"), PUBLIC));
    try (Tokens tokens = new Tokens(settings(null), keys)) {
      return find(tokens, token);
    }
  }

  private static byte[] jwks(String rsaId, String ecId) {
    RSAPublicKey rsa = (RSAPublicKey) RSA.getPublic();
    ECPublicKey ec = (ECPublicKey) EC.getPublic();
    return """
    {"keys":[{"kty":"RSA","kid":"%s","use":"sig","n":"%s","e":"%s"},
      {"kty":"EC","crv":"P-256","kid":"%s","x":"%s","y":"%s"},
      {"kty":"oct","kid":"o1","k":"c2VjcmV0"},{"kty":"EC","crv":"P-521","kid":"z"}, 7]}
    """
        .formatted(
            rsaId,
            number(rsa.getModulus()),
            number(rsa.getPublicExponent()),
            ecId,
            number(ec.getW().getAffineX()),
            number(ec.getW().getAffineY()))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String number(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] plain = bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    return Base64.getUrlEncoder().withoutPadding().encodeToString(plain);
  }

  private static String base64(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertNobody(Identity identity, String why) {
    assertThat(identity).isInstanceOf(Unknown.class);
    assertThat(((Unknown) identity).failure().message()).contains(why);
    assertThat(((Unknown) identity).failure().kind()).isEqualTo(FailureKind.KEY_INVALID);
  }

  private static void assertAda(Identity identity) {
    assertThat(identity)
        .isInstanceOfSatisfying(
            Principal.class,
            who -> {
              assertThat(who.name()).isEqualTo("ada");
              assertThat(who.kind()).isEqualTo(Principal.Kind.TOKEN);
            });
  }

  @Test
  void refusesATokenWithoutSignature() throws IOException {
    String none = claims().sign(Algorithm.none());
    assertNobody(byHmac(none), "signed with no key");
    assertNobody(byKeys(none), "signed with no key");
  }

  @Test
  void refusesAPublicKeyTakenForASecret() throws IOException {
    Algorithm confused = Algorithm.HMAC256(RSA.getPublic().getEncoded());
    assertNobody(byKeys(claims().withKeyId("r1").sign(confused)), "signed with no key");
  }

  @Test
  void refusesAKeyThatTheTokenBrings() throws IOException {
    KeyPair own = pair("RSA", 2048);
    Algorithm sign =
        Algorithm.RSA256((RSAPublicKey) own.getPublic(), (RSAPrivateKey) own.getPrivate());
    assertNobody(byKeys(claims().withKeyId("r1").sign(sign)), "not one of the issuer");
  }

  @Test
  void refusesASecretOfOthers() throws IOException {
    assertNobody(byHmac(claims().sign(Algorithm.HMAC256(SECRET + "x"))), "not one of the issuer");
    assertNobody(byHmac(claims().sign(Algorithm.HMAC384(SECRET))), "signed with no key");
  }

  @Test
  void refusesWhatHasExpiredOrNeverDoes() throws IOException {
    Algorithm sign = Algorithm.HMAC256(SECRET);
    Instant past = Instant.now().minusSeconds(5);
    assertNobody(byHmac(claims().withExpiresAt(past).sign(sign)), "expired");
    assertNobody(
        byHmac(
            JWT.create()
                .withIssuer("https://issuer.example")
                .withAudience("llmproxy")
                .withSubject("ada")
                .sign(sign)),
        "issuer");
  }

  @Test
  void refusesOtherIssuersAndAudiences() throws IOException {
    Algorithm sign = Algorithm.HMAC256(SECRET);
    assertNobody(byHmac(claims().withIssuer("https://evil").sign(sign)), "issuer or audience");
    assertNobody(byHmac(claims().withAudience("other").sign(sign)), "issuer or audience");
  }

  @Test
  void refusesUnknownKeyIds() throws IOException {
    assertNobody(byKeys(claims().withKeyId("r2").sign(SIGN_RSA)), "signed with no key");
    assertNobody(byKeys(claims().withKeyId("o1").sign(Algorithm.HMAC256("secret"))), "no key");
  }

  @Test
  void refusesWhatIsNoJson() throws IOException {
    assertNobody(byHmac("eyJ.e.e"), "not one of the issuer");
    assertNobody(byHmac(base64("{\"alg\":\"HS256\"}") + ".!." + base64("x")), "not one of");
    assertNobody(byHmac("eyJ" + "A".repeat(100_000) + ".e30.x"), "not one of the issuer");
  }

  @Test
  void refusesNamesThatWouldForgeALogLine() throws IOException {
    String token = claims().withSubject("a\nb").sign(Algorithm.HMAC256(SECRET));
    assertNobody(byHmac(token), "names nobody");
  }

  @Test
  void takesEachAlgorithm() throws IOException {
    assertAda(byHmac(claims().sign(Algorithm.HMAC256(SECRET))));
    assertAda(byKeys(claims().withKeyId("r1").sign(SIGN_RSA)));
    assertAda(byKeys(claims().sign(SIGN_EC)));
  }

  @Test
  void aTokenListsItsModels() throws IOException {
    Algorithm sign = Algorithm.HMAC256(SECRET);
    try (Tokens tokens = Tokens.of(settings("models"))) {
      String[] two = {"gpt-6", "claude-*"};
      Identity who = find(tokens, claims().withArrayClaim("models", two).sign(sign));
      assertThat(((Principal) who).models()).isEqualTo(List.of(two));
      assertThat(
              ((Principal) find(tokens, claims().withClaim("models", "a b").sign(sign))).models())
          .containsExactly("a", "b");
      assertNobody(find(tokens, claims().sign(sign)), "lists no models");
    }
  }

  @Test
  void aTokenThatWasGoodExpiresNonetheless() throws Exception {
    try (Tokens tokens = Tokens.of(settings(null))) {
      Instant soon = Instant.ofEpochSecond(Instant.now().getEpochSecond() + 2);
      String token = claims().withExpiresAt(soon).sign(Algorithm.HMAC256(SECRET));
      assertAda(find(tokens, token));
      Thread.sleep(Duration.between(Instant.now(), soon).plusMillis(20));
      assertNobody(find(tokens, token), "expired");
    }
  }

  @Test
  void fetchesKeysAndThoseThatCameLater() throws Exception {
    AtomicInteger fetches = new AtomicInteger();
    try (Site site = new Site(() -> jwks(fetches.getAndIncrement() == 0 ? "r1" : "r2", "e1"));
        Tokens tokens = new Tokens(settings(null), FetchedKeys.start(site.url(), PUBLIC, FAST))) {
      untilAda(tokens, claims().withKeyId("r1").sign(SIGN_RSA));
      untilAda(tokens, claims().withKeyId("r2").sign(SIGN_RSA));
      assertThat(fetches.get()).isEqualTo(2);
    }
  }

  @Test
  void unknownKeyIdsDoNotFloodTheIssuer() throws Exception {
    AtomicInteger fetches = new AtomicInteger();
    FetchedKeys.Pace slow =
        new FetchedKeys.Pace(
            Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofMillis(500));
    Site counted =
        new Site(() -> {
          fetches.incrementAndGet();
          return jwks("r1", "e1");
        });
    try (Site site = counted;
        Tokens tokens = new Tokens(settings(null), FetchedKeys.start(site.url(), PUBLIC, slow))) {
      untilAda(tokens, claims().withKeyId("r1").sign(SIGN_RSA));
      for (int i = 0; i < 100; i++) {
        assertNobody(find(tokens, claims().withKeyId("x" + i).sign(SIGN_RSA)), "no key");
      }
      Thread.sleep(100);
      assertThat(fetches.get()).isEqualTo(1);
    }
  }

  @Test
  void keepsTheLastGoodKeysWhenTheIssuerTalksNonsense() throws Exception {
    AtomicInteger fetches = new AtomicInteger();
    Site failing =
        new Site(() ->
            fetches.getAndIncrement() == 0
                ? jwks("r1", "e1")
                : "<html>".getBytes(StandardCharsets.UTF_8));
    try (Site site = failing;
        Tokens tokens = new Tokens(settings(null), FetchedKeys.start(site.url(), PUBLIC, FAST))) {
      untilAda(tokens, claims().withKeyId("r1").sign(SIGN_RSA));
      find(tokens, claims().withKeyId("x").sign(SIGN_RSA));
      while (fetches.get() < 2) {
        Thread.sleep(5);
      }
      Thread.sleep(100);
      assertAda(find(tokens, claims().withKeyId("r1").withJWTId("2").sign(SIGN_RSA)));
    }
  }

  @Test
  void anIssuerThatIsDeadIsNoFaultOfTheToken() throws Exception {
    URI nowhere = URI.create("http://127.0.0.1:1/jwks");
    try (Tokens tokens = new Tokens(settings(null), FetchedKeys.start(nowhere, PUBLIC, FAST))) {
      Identity who = find(tokens, claims().withKeyId("r1").sign(SIGN_RSA));
      assertThat(((Unknown) who).failure().kind()).isEqualTo(FailureKind.ISSUER_UNAVAILABLE);
    }
  }

  private static void untilAda(Tokens tokens, String token) throws InterruptedException {
    while (!(find(tokens, token) instanceof Principal)) {
      Thread.sleep(5);
    }
  }

  /// Where an issuer publishes its keys.
  private record Site(HttpServer server) implements AutoCloseable {

    /// What is published at a time.
    interface Page {
      byte[] now();
    }

    Site(Page page) throws IOException {
      this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
      server.createContext(
          "/",
          exchange -> {
            byte[] body = page.now();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      server.start();
    }

    URI url() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks");
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
