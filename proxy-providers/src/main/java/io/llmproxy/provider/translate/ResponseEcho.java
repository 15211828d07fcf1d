package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.util.Locale;

/// What a response repeats of the request that it answers: the fields that OpenAI's clients require
/// of it, in the caller's own bytes, or what holds where the caller did not say.
public final class ResponseEcho {
  private static final MemberNames MEMBERS = MemberNames.of(Member.class);

  /// That of a request that says nothing.
  public static final ResponseEcho NONE = of("{}".getBytes(US_ASCII));

  private final HeldBytes members;

  private enum Member {
    INSTRUCTIONS("null"),
    MAX_OUTPUT_TOKENS("null"),
    METADATA("{}"),
    PARALLEL_TOOL_CALLS("true"),
    TEMPERATURE("null"),
    TOOL_CHOICE("\"auto\""),
    TOOLS("[]"),
    TOP_P("null");

    private final byte[] unsaid;

    Member(String unsaid) {
      this.unsaid = unsaid.getBytes(US_ASCII);
    }
  }

  private ResponseEcho(HeldBytes members) {
    this.members = members;
  }

  /// What a response to `body`, which [ResponsesToChat] translates, repeats of it.
  public static ResponseEcho of(byte[] body) {
    HeldBytes members = new HeldBytes();
    JsonSpan[] given = JsonSpan.of(body).members(MEMBERS);
    for (Member member : Member.values()) {
      String name = member.name().toLowerCase(Locale.ROOT);
      byte[] head = (",\"" + name + "\":").getBytes(US_ASCII);
      members.add(head, 0, head.length);
      JsonSpan value = given[member.ordinal()];
      if (value.isPresent()) {
        addCompact(members, value);
      } else {
        members.add(member.unsaid, 0, member.unsaid.length);
      }
    }
    return new ResponseEcho(members);
  }

  /// Writes the members, a comma before each.
  void write(ByteBuf out) {
    out.writeBytes(members.array(), 0, members.length());
  }

  /// Without the white space between its tokens: a line feed there would end a line of the stream.
  private static void addCompact(HeldBytes out, JsonSpan value) {
    byte[] bytes = value.bytes();
    boolean inString = false;
    int kept = value.from();
    for (int at = value.from(); at < value.to(); at++) {
      byte next = bytes[at];
      if (inString && next == '\\') {
        at++;
      } else if (next == '"') {
        inString = !inString;
      } else if (!inString && next >= 0 && next <= ' ') {
        out.add(bytes, kept, at);
        kept = at + 1;
      }
    }
    out.add(bytes, kept, value.to());
  }
}
