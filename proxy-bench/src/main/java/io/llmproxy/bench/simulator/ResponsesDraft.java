package io.llmproxy.bench.simulator;

import static io.llmproxy.bench.simulator.Template.GAP;

import java.util.ArrayList;
import java.util.List;

/// Puts an answer together as Responses tells it: items one after the other, each with its full
/// ladder of events, numbered through. Used for one answer.
final class ResponsesDraft {

  /// The recorded answer's reasoning and text.
  static final List<String> SAMPLE_REASONING = List.of("**Checking", " weather**");

  static final List<String> SAMPLE_CONTENT = List.of("I will", " check the", " weather.");

  private static final String REASONING_ID = "rs_01";
  private static final String MESSAGE_ID = "msg_01";

  private final Rendition.Key key;
  private final Script script;
  private final Facts facts;
  private final List<String> reasoning;
  private final List<String> texts;
  private final boolean chunked;
  private int sequence;

  /// `reasoning` and `texts` hold what each event says, escaped.
  ResponsesDraft(
      Rendition.Key key, Script script, Facts facts, List<String> reasoning, List<String> texts) {
    this.key = key;
    this.script = script;
    this.facts = facts;
    this.reasoning = reasoning;
    this.texts = texts;
    chunked = key.chunked() && !script.bytewise();
  }

  RenditionDraft whole() {
    int parts = facts.calls().stream().mapToInt(call -> 1 + call.fragments().size()).sum();
    Script counted = script.withCounts(texts.size() + parts, reasoning.size());
    return RenditionDraft.whole(
        counted, 200, RenditionDraft.fields(key, script), response(status(), items()));
  }

  RenditionDraft stream() {
    boolean thinks = !reasoning.isEmpty();
    boolean speaks = !texts.isEmpty();
    String begun = response("in_progress", "");
    String opening =
        record("response.created", "\"response\":" + begun)
            + record("response.in_progress", "\"response\":" + begun)
            + (thinks ? openReasoning() : speaks ? openMessage() : "");
    List<Event> thoughts = new ArrayList<>();
    Spelling spelling = script.spelling();
    reasoning.forEach(text -> thoughts.add(Event.of(spelling.frame(thought()), text, chunked)));
    String between = thinks ? closeReasoning() + (speaks ? openMessage() : "") : "";
    int errorAt = sequence;
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      events.add(Event.of(spelling.frame(content(i)), texts.get(i), chunked));
      errorAt = i < script.fault().after() ? sequence : errorAt;
    }
    String close = speaks ? closeMessage() : "";
    Shape.Frame bare = new Shape.Frame("", "");
    for (String record : calls(close)) {
      errorAt = events.size() < script.fault().after() ? sequenceAfter(record) : errorAt;
      events.add(Event.of(bare, spelling.records(record), chunked));
    }
    String closing = (facts.calls().isEmpty() ? close : closeLastCall()) + end();
    boolean silent = events.isEmpty();
    Rendition.Around around =
        RenditionDraft.around(
            key.provider().shape(),
            script,
            opening,
            silent ? "" : between,
            (silent ? between : "") + closing,
            faultRecord(errorAt));
    Script counted = script.withCounts(events.size(), reasoning.size());
    return new RenditionDraft(counted, true, around, null, thoughts, events, "", "");
  }

  private String record(String type, String rest) {
    return "event: "
        + type
        + "\ndata: {\"type\":\""
        + type
        + "\",\"sequence_number\":"
        + sequence++
        + ","
        + rest
        + "}\n\n";
  }

  /// A part of the text, and after it what the script's fault tells there.
  private Shape.Frame content(int index) {
    Shape.Frame frame = delta();
    if (!baits() || index != script.fault().after() - 1) {
      return frame;
    }
    String told = record("response.in_progress", "\"response\":" + response("in_progress", ""));
    return new Shape.Frame(
        frame.before(), frame.after() + told.replace(ResponsesUsage.ZERO, ResponsesUsage.LITTLE));
  }

  private boolean baits() {
    return script.fault().kind() == Fault.Kind.BAIT;
  }

  private String faultRecord(int number) {
    return switch (script.fault().kind()) {
      case MALFORMED ->
          "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"del\n\n";
      case BAIT -> "";
      case NONE, CUT, DROP, CLOSE, END, STALL, ERROR_EVENT, GOAWAY, HALF_OPEN -> error(number);
    };
  }

  private static int sequenceAfter(String record) {
    String mark = "\"sequence_number\":";
    int from = record.lastIndexOf(mark) + mark.length();
    return Integer.parseInt(record.substring(from, record.indexOf(',', from))) + 1;
  }

  private static String error(int number) {
    return "event: error\ndata: {\"type\":\"error\",\"sequence_number\":"
        + number
        + ",\"code\":\"server_error\",\"message\":\"An error occurred while processing your"
        + " request.\",\"param\":null}\n\n";
  }

  private int messageIndex() {
    return reasoning.isEmpty() ? 0 : 1;
  }

  private static String at(String id, int output, String part) {
    return "\"item_id\":\"" + id + "\",\"output_index\":" + output + ",\"" + part + "_index\":0,";
  }

  private String openReasoning() {
    return record(
            "response.output_item.added",
            "\"output_index\":0,\"item\":{\"id\":\""
                + REASONING_ID
                + "\",\"type\":\"reasoning\",\"status\":\"in_progress\",\"summary\":[],"
                + "\"encrypted_content\":\"gAAA-partial\"}")
        + record(
            "response.reasoning_summary_part.added",
            at(REASONING_ID, 0, "summary") + "\"part\":{\"type\":\"summary_text\",\"text\":\"\"}");
  }

  private Shape.Frame thought() {
    String padding = facts.obfuscation() ? ",\"obfuscation\":\"p0\"" : "";
    return frame(
        "response.reasoning_summary_text.delta",
        at(REASONING_ID, 0, "summary") + "\"delta\":\"" + GAP + "\"" + padding);
  }

  private Shape.Frame frame(String type, String rest) {
    String record = record(type, rest);
    int gap = record.indexOf(GAP);
    return new Shape.Frame(record.substring(0, gap), record.substring(gap + 1));
  }

  private String closeReasoning() {
    String text = String.join("", reasoning);
    String at = at(REASONING_ID, 0, "summary");
    return record("response.reasoning_summary_text.done", at + "\"text\":\"" + text + "\"")
        + record("response.reasoning_summary_part.done", at + "\"part\":" + summary(text))
        + record("response.output_item.done", "\"output_index\":0,\"item\":" + reasoningItem());
  }

  private static String summary(String text) {
    return "{\"type\":\"summary_text\",\"text\":\"" + text + "\"}";
  }

  private String reasoningItem() {
    return "{\"id\":\""
        + REASONING_ID
        + "\",\"type\":\"reasoning\",\"status\":\"completed\",\"summary\":["
        + summary(String.join("", reasoning))
        + "],\"encrypted_content\":\"gAAAAABpZm9yLXNhbXBsZS1vbmx5\"}";
  }

  private String openMessage() {
    return record(
            "response.output_item.added",
            "\"output_index\":" + messageIndex() + ",\"item\":" + message("in_progress", ""))
        + record(
            "response.content_part.added",
            at(MESSAGE_ID, messageIndex(), "content") + "\"part\":" + part(""));
  }

  private String message(String status, String content) {
    return "{\"id\":\""
        + MESSAGE_ID
        + "\",\"type\":\"message\",\"status\":\""
        + status
        + "\",\"role\":\"assistant\",\"content\":["
        + content
        + "],\"phase\":\""
        + (facts.calls().isEmpty() ? "final_answer" : "commentary")
        + "\"}";
  }

  private String part(String text) {
    return facts.refuses()
        ? "{\"type\":\"refusal\",\"refusal\":\"" + text + "\"}"
        : "{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":\"" + text + "\"}";
  }

  private Shape.Frame delta() {
    String padding = facts.obfuscation() ? ",\"obfuscation\":\"q\"" : "";
    String delta = at(MESSAGE_ID, messageIndex(), "content") + "\"delta\":\"" + GAP + "\"";
    return facts.refuses()
        ? frame("response.refusal.delta", delta + padding)
        : frame("response.output_text.delta", delta + ",\"logprobs\":[]" + padding);
  }

  private String closeMessage() {
    String text = String.join("", texts);
    String at = at(MESSAGE_ID, messageIndex(), "content");
    String done =
        facts.refuses()
            ? record("response.refusal.done", at + "\"refusal\":\"" + text + "\"")
            : record("response.output_text.done", at + "\"text\":\"" + text + "\",\"logprobs\":[]");
    return done
        + record("response.content_part.done", at + "\"part\":" + part(text))
        + record(
            "response.output_item.done",
            "\"output_index\":" + messageIndex() + ",\"item\":" + message("completed", part(text)));
  }

  /// The events of all calls: what closes the item before stands with each one's first.
  private List<String> calls(String closesText) {
    List<String> records = new ArrayList<>();
    String before = closesText;
    for (ToolCall call : facts.calls()) {
      String place = "\"output_index\":" + outputIndex(call);
      records.add(
          before
              + record(
                  "response.output_item.added",
                  place + ",\"item\":" + callItem(call, "in_progress", "")));
      String padding = facts.obfuscation() ? ",\"obfuscation\":\"7h\"" : "";
      for (String part : call.fragments()) {
        String delta = ",\"delta\":\"" + Facts.escape(part) + "\"" + padding;
        records.add(
            record("response.function_call_arguments.delta", itemAt(call) + "," + place + delta));
      }
      boolean last = call.index() == facts.calls().size() - 1;
      before = last ? "" : closeCall(call);
    }
    return records;
  }

  private String closeLastCall() {
    return closeCall(facts.calls().getLast());
  }

  private int outputIndex(ToolCall call) {
    return messageIndex() + (texts.isEmpty() ? 0 : 1) + call.index();
  }

  private static String itemAt(ToolCall call) {
    return "\"item_id\":\"" + itemId(call) + "\"";
  }

  private static String itemId(ToolCall call) {
    return "fc_" + Shape.hex(call.index() + 1, 2);
  }

  private String closeCall(ToolCall call) {
    String place = "\"output_index\":" + outputIndex(call);
    return record(
            "response.function_call_arguments.done",
            itemAt(call)
                + ","
                + place
                + ",\"arguments\":\""
                + Facts.escape(call.arguments())
                + "\"")
        + record(
            "response.output_item.done",
            place + ",\"item\":" + callItem(call, "completed", call.arguments()));
  }

  private static String callItem(ToolCall call, String status, String arguments) {
    return "{\"id\":\""
        + itemId(call)
        + "\",\"type\":\"function_call\",\"status\":\""
        + status
        + "\",\"arguments\":\""
        + Facts.escape(arguments)
        + "\",\"call_id\":\""
        + call.id()
        + "\",\"name\":\""
        + call.name()
        + "\"}";
  }

  private String status() {
    return switch (script.finish()) {
      case "length", "content_filter" -> "incomplete";
      case "failed" -> "failed";
      default -> "completed";
    };
  }

  private String end() {
    return record("response." + status(), "\"response\":" + response(status(), items()));
  }

  private String items() {
    List<String> items = new ArrayList<>();
    if (!reasoning.isEmpty()) {
      items.add(reasoningItem());
    }
    if (!texts.isEmpty()) {
      items.add(message("completed", part(String.join("", texts))));
    }
    facts.calls().forEach(call -> items.add(callItem(call, "completed", call.arguments())));
    return String.join(",", items);
  }

  private String response(String status, String output) {
    boolean done = !status.equals("in_progress");
    boolean grok = key.provider() == SimulatedProvider.GROK;
    boolean untold = !done || status.equals("failed");
    String told = grok ? ResponsesUsage.GROK : ResponsesUsage.OPENAI;
    String usage = untold ? baits() ? ResponsesUsage.ZERO : "null" : told;
    return "{\"id\":\""
        + (script.id() == null ? "resp_0a1b2c3d4e5f60718293a4b5c6d7e8f9" : facts.id())
        + "\",\"object\":\"response\",\"created_at\":1795376402,\"status\":\""
        + status
        + "\",\"background\":false,\"error\":"
        + fault(status)
        + ",\"incomplete_details\":"
        + incomplete(status)
        + ",\"instructions\":null,\"max_output_tokens\":null,\"max_tool_calls\":null,\"model\":\""
        + facts.model()
        + "\",\"output\":["
        + output
        + "],\"parallel_tool_calls\":true,\"previous_response_id\":null,\"prompt_cache_key\":null,"
        + "\"reasoning\":{\"effort\":\"medium\",\"summary\":\"auto\"},\"safety_identifier\":null,"
        + "\"service_tier\":\""
        + (done ? "default" : "auto")
        + "\",\"store\":false,\"temperature\":1.0,\"text\":{\"format\":{\"type\":\"text\"},"
        + "\"verbosity\":\"medium\"},\"tool_choice\":\"auto\",\"tools\":[],\"top_logprobs\":0,"
        + "\"top_p\":1.0,\"truncation\":\"disabled\",\"usage\":"
        + usage
        + ",\"user\":null,\"metadata\":{}"
        + (status.equals("completed") ? ",\"completed_at\":1795376405}" : "}");
  }

  private static String fault(String status) {
    return status.equals("failed")
        ? "{\"code\":\"server_error\",\"message\":\"An error occurred while processing your"
            + " request.\"}"
        : "null";
  }

  private String incomplete(String status) {
    if (!status.equals("incomplete")) {
      return "null";
    }
    String reason = script.finish().equals("length") ? "max_output_tokens" : "content_filter";
    return "{\"reason\":\"" + reason + "\"}";
  }
}
