package io.llmproxy.proxy.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads `cluster`.
final class ClusterReader {
  private static final int REDIS_PORT = 6379;
  private static final Pattern NAME_FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,62}");
  private static final Pattern DATABASE_FORM = Pattern.compile("/[0-9]{1,6}");

  private static final String EXPECTED =
      "expected: redis://HOST:PORT or rediss://HOST:PORT, with /DATABASE if need be; user and"
          + " password have keys of their own";

  private static final Syntax<String> NAME =
      new Syntax<>(
          "letters, digits, dot, colon, dash and underscore, at most 63",
          text -> NAME_FORM.matcher(text).matches() ? text : null);

  private ClusterReader() {}

  /// Where limits are shared; null where the file does not say.
  static @Nullable ClusterSettings read(YamlSection root, Settings.Address listen) {
    YamlSection section =
        root.section("cluster", "redis", "user", "password", "password_file", "name", "node");
    if (section == null) {
      return null;
    }
    YamlValue value = section.get("redis");
    if (value == null) {
      section.owner().keyProblem("needs redis (where the proxies meet)");
    }
    String user = section.read("user", Scalars.TEXT);
    Secret password = PasswordReader.read(section);
    String name = section.read("name", NAME, "default");
    String node = section.read("node", NAME);
    if (node == null && listen.port() == 0) {
      section
          .owner()
          .keyProblem("needs node where listen_addr has no port: proxies go by these names");
    }
    URI redis = value == null ? null : redis(value);
    if (redis == null) {
      return null;
    }
    String path = redis.getPath();
    return new ClusterSettings(
        redis.getHost(),
        redis.getPort() < 0 ? REDIS_PORT : redis.getPort(),
        redis.getScheme().equals("rediss"),
        path.length() > 1 ? Integer.parseInt(path, 1, path.length(), 10) : 0,
        user,
        password,
        name,
        node);
  }

  /// What is wrong is not shown: it may hold a password.
  private static @Nullable URI redis(YamlValue value) {
    String text = value.text();
    URI uri = text == null ? null : redis(text);
    if (text != null && uri == null) {
      value.problem(EXPECTED);
    }
    return uri;
  }

  private static @Nullable URI redis(String text) {
    try {
      URI uri = new URI(text);
      boolean sane =
          ("redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme()))
              && uri.getHost() != null
              && uri.getUserInfo() == null
              && uri.getQuery() == null
              && uri.getFragment() == null
              && (uri.getPath().length() < 2 || DATABASE_FORM.matcher(uri.getPath()).matches());
      return sane ? uri : null;
    } catch (URISyntaxException _) {
      return null;
    }
  }
}
