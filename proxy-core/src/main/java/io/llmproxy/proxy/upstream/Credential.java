package io.llmproxy.proxy.upstream;

import io.llmproxy.provider.glm.GlmTokens;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What shows a provider who we are. Used by any thread.
public sealed interface Credential {

  /// Names and values in turn of the fields that a request bears which leaves now.
  List<AsciiString> fields();

  /// The provider says that what `shown` holds is too old: whether there is newer now. `date` is
  /// the reply's, null where it has none.
  boolean renew(List<AsciiString> shown, @Nullable AsciiString date);

  /// A key that is shown as it is.
  record Key(List<AsciiString> fields) implements Credential {
    @Override
    public boolean renew(List<AsciiString> shown, @Nullable AsciiString date) {
      return false;
    }
  }

  /// GLM's token, signed with the key and renewed in time.
  final class Token implements Credential {
    private final AsciiString name;
    private final GlmTokens tokens;
    private volatile Shown current = new Shown("", List.of());

    private record Shown(String value, List<AsciiString> fields) {}

    Token(AsciiString name, GlmTokens tokens) {
      this.name = name;
      this.tokens = tokens;
    }

    @Override
    public List<AsciiString> fields() {
      String value = tokens.authorization();
      Shown shown = current;
      if (!shown.value.equals(value)) {
        shown = new Shown(value, List.of(name, AsciiString.of(value)));
        current = shown;
      }
      return shown.fields;
    }

    @Override
    public boolean renew(List<AsciiString> shown, @Nullable AsciiString date) {
      if (date != null) {
        tokens.observe(date);
      }
      return tokens.renew(shown.get(1).toString());
    }
  }
}
