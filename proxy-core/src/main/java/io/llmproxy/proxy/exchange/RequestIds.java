package io.llmproxy.proxy.exchange;

import io.llmproxy.proxy.http.HeaderName;
import io.llmproxy.proxy.http.RequestHead;
import io.netty.util.AsciiString;
import java.security.SecureRandom;

/// Names requests: by the caller's own id where it sent a sane one, else by a random prefix of this
/// event loop and a count. Used on one event loop.
public final class RequestIds {

  private static final int MOST_CHARACTERS = 128;
  private static final byte[] HEX = AsciiString.cached("0123456789abcdef").array();
  private static final int PREFIX_BYTES = 16;
  private static final int COUNT_DIGITS = 10;

  private final byte[] template = new byte[PREFIX_BYTES + COUNT_DIGITS];
  private long count;

  public RequestIds() {
    byte[] random = new byte[6];
    new SecureRandom().nextBytes(random);
    byte[] name = AsciiString.cached("req_").array();
    System.arraycopy(name, 0, template, 0, name.length);
    for (int i = 0; i < random.length; i++) {
      template[name.length + i * 2] = HEX[random[i] >> 4 & 15];
      template[name.length + i * 2 + 1] = HEX[random[i] & 15];
    }
  }

  AsciiString of(RequestHead head) {
    AsciiString own = head.get(HeaderName.X_REQUEST_ID);
    return own != null && isSane(own) ? own : next();
  }

  private AsciiString next() {
    byte[] id = template.clone();
    long rest = count++;
    for (int i = id.length - 1; i >= PREFIX_BYTES; i--) {
      id[i] = HEX[(int) rest & 15];
      rest >>>= 4;
    }
    return new AsciiString(id, false);
  }

  private static boolean isSane(AsciiString id) {
    if (id.isEmpty() || id.length() > MOST_CHARACTERS) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      byte b = id.byteAt(i);
      boolean plain =
          (b >= 'a' && b <= 'z')
              || (b >= 'A' && b <= 'Z')
              || (b >= '0' && b <= '9')
              || b == '-'
              || b == '_'
              || b == '.'
              || b == ':';
      if (!plain) {
        return false;
      }
    }
    return true;
  }
}
