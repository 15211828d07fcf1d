package io.llmproxy.proxy.exchange;

import io.llmproxy.proxy.auth.Access;
import io.llmproxy.proxy.auth.ForwardedFor;
import io.llmproxy.proxy.auth.Identity;
import io.llmproxy.proxy.auth.Principal;
import io.llmproxy.proxy.auth.Principals;
import io.llmproxy.proxy.auth.Shown;
import io.llmproxy.proxy.http.HeaderName;
import io.llmproxy.proxy.http.RequestHead;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// Who asks, by the head of a request. For one event loop.
public final class Identification {

  private static final AsciiString BEARER = AsciiString.cached("bearer ");

  private final boolean guarded;
  private final Principals principals;
  private final ForwardedFor forwardedFor;

  public Identification(Access access) {
    guarded = access.isGuarded();
    principals = access.principals();
    forwardedFor = access.forwardedFor();
  }

  /// What is open to everybody is open to those with a wrong key too.
  ///
  /// @param address the caller's, as [#address] has it
  Identity identify(Endpoint endpoint, RequestHead head, String address) {
    boolean open = endpoint instanceof Endpoint.Health || endpoint instanceof Endpoint.Presence;
    return guarded && !open ? principals.of(shown(head)) : Principal.ofAddress(address);
  }

  /// The caller's IP address, as far as it can be believed.
  String address(RequestHead head) {
    return forwardedFor.of(
        head.peer(), head.get(HeaderName.X_FORWARDED_FOR), head.get(HeaderName.FORWARDED));
  }

  /// A bearer's key goes before `x-api-key`: clients that send both mean the first.
  private static @Nullable Shown shown(RequestHead head) {
    AsciiString authorization = head.get(HeaderName.AUTHORIZATION);
    if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return shown(authorization, BEARER.length());
    }
    AsciiString key = head.get(HeaderName.X_API_KEY);
    return key == null ? null : shown(key, 0);
  }

  private static @Nullable Shown shown(AsciiString text, int from) {
    int begin = from;
    while (begin < text.length() && text.byteAt(begin) == ' ') {
      begin++;
    }
    int length = text.length() - begin;
    return length == 0 ? null : new Shown(text.array(), text.arrayOffset() + begin, length);
  }
}
