package io.llmproxy.bench.simulator;

import io.llmproxy.bench.simulator.rules.Denial;
import io.llmproxy.bench.simulator.rules.Refused;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How one provider writes: the text around what differs between replies. Gaps as in [Template].
///
/// A stream is `opening`, then with reasoning `reasoningOpen`, reasoning events and
/// `reasoningClose`, then `contentOpen`, content events, `closing`.
interface Shape {

  /// The text before and after one event's escaped content.
  record Frame(String before, String after) {}

  String opening(Facts facts);

  /// Null where the provider keeps its reasoning to itself.
  @Nullable Frame reasoning(Facts facts);

  /// The first event's frame where it differs from the others of its kind, else null.
  default @Nullable Frame first(Facts facts) {
    return null;
  }

  default String reasoningOpen(Facts facts) {
    return "";
  }

  default String reasoningClose(Facts facts) {
    return "";
  }

  default String contentOpen(Facts facts) {
    return "";
  }

  Frame content(Facts facts);

  /// A part of what the model says when it declines to answer.
  default Frame refusal(Facts facts) {
    return content(facts);
  }

  /// What the model says then; nothing where the provider only ends the answer.
  default List<String> refusalText() {
    return List.of("I am sorry", ", but I", " cannot help", " with that.");
  }

  /// Why the answer ends then.
  default String refusalFinish() {
    return "stop";
  }

  /// The records, each an event, that call tools after the text.
  List<String> toolRecords(Facts facts);

  /// The id of the call of that number.
  String toolId(int index);

  String closing(Facts facts);

  /// The record that tells of an error in the middle of a stream.
  String errorRecord(Facts facts);

  /// A record that is not JSON, though it begins so.
  default String malformedRecord() {
    return "data: {\"id\":\"chatcmpl-0\",\"choices\":[{\"index\":0,\"delta\":{\"content\n\n";
  }

  /// A record that tells, in the middle, how few tokens it were so far.
  default String baitRecord(Facts facts) {
    return OpenAiShape.usageRecord(facts, 1);
  }

  /// The opening with a usage of nothing in its first record.
  default String baitedOpening(Facts facts) {
    return OpenAiShape.usageRecord(facts, 0) + opening(facts);
  }

  /// The refusal of a request that is spelled well.
  Refused denial(Denial denial);

  /// The answer to a request that does not stream.
  String whole(Facts facts);

  /// An error's body. An empty message takes the provider's own words for that status.
  String error(int status, String message, String requestId);

  /// The body that refuses a request for what is wrong with it.
  default String refusal(Refused refused, String requestId) {
    return error(refused.status(), refused.words(), requestId);
  }

  default AsciiString errorContentType(int status) {
    return AsciiString.cached("application/json");
  }

  /// The list of models, of which `names` are offered.
  String models(List<String> names);

  default AsciiString streamContentType() {
    return AsciiString.cached("text/event-stream; charset=utf-8");
  }

  /// Names and values that every reply bears.
  List<AsciiString> headers();

  /// The header that bears the request's id, or null.
  @Nullable AsciiString requestIdHeader();

  String requestId(long number);

  /// The id of a reply unless the script gives one.
  String defaultId();

  List<String> sampleReasoning();

  List<String> sampleContent();

  /// The status that refuses a key which is there but wrong.
  default int wrongKeyStatus() {
    return 401;
  }

  static List<AsciiString> fields(String... namesAndValues) {
    return java.util.Arrays.stream(namesAndValues).map(AsciiString::cached).toList();
  }

  static String hex(long number, int digits) {
    String hex = Long.toHexString(number);
    return "0".repeat(Math.max(0, digits - hex.length())) + hex;
  }
}
