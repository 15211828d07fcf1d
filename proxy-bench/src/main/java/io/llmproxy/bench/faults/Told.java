package io.llmproxy.bench.faults;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a reply tells in its dialect, as a client understands it.
final class Told {

  private final AskedDialect dialect;
  private final StringBuilder text = new StringBuilder();
  private int starts;
  private int ends;
  private int errors;
  private int usages;
  private long input;
  private long output;
  private long lastNumber = -1;
  private String flaw = "";

  private Told(AskedDialect dialect) {
    this.dialect = dialect;
  }

  static Told of(Transcript transcript) {
    Told told = new Told(transcript.dialect());
    try {
      if (transcript.streamed() && transcript.status() == 200) {
        told.stream(transcript.body());
      } else {
        told.whole(JsonTree.read(transcript.body()));
      }
    } catch (IOException e) {
      told.flaw("not JSON: " + e.getMessage());
    }
    return told;
  }

  /// The answer's text.
  String text() {
    return text.toString();
  }

  /// How often the answer began.
  int starts() {
    return starts;
  }

  /// How often it told that it is whole.
  int ends() {
    return ends;
  }

  int errors() {
    return errors;
  }

  /// How often usage was told.
  int usages() {
    return usages;
  }

  long input() {
    return input;
  }

  long output() {
    return output;
  }

  /// What no client could read; empty if nothing.
  String flaw() {
    return flaw;
  }

  private void flaw(String found) {
    flaw = flaw.isEmpty() ? found.lines().findFirst().orElse("") : flaw;
  }

  private void stream(String body) throws IOException {
    String whole = body;
    if (!whole.endsWith("\n\n")) {
      flaw("the last record is not whole");
      whole = whole.substring(0, Math.max(0, whole.lastIndexOf("\n\n")));
    }
    for (String record : whole.split("\n\n", -1)) {
      List<String> data =
          record.lines().filter(l -> l.startsWith("data:")).map(l -> l.substring(5)).toList();
      if (!data.isEmpty()) {
        record(String.join("\n", data).strip());
      }
    }
  }

  private void record(String data) throws IOException {
    if (ends > 0 && !(dialect == AskedDialect.CHAT && data.equals("[DONE]"))) {
      flaw("something follows the end");
    }
    if (dialect == AskedDialect.CHAT && data.equals("[DONE]")) {
      ends++;
      return;
    }
    Object json = JsonTree.read(data);
    switch (dialect) {
      case CHAT -> chunk(json);
      case MESSAGES -> messageEvent(json);
      case RESPONSES -> responseEvent(json);
    }
  }

  private void chunk(@Nullable Object json) {
    errors += JsonTree.at(json, "error") == null ? 0 : 1;
    text.append(JsonTree.text(json, "choices", 0, "delta", "content"));
    starts += JsonTree.at(json, "choices", 0, "finish_reason") == null ? 0 : 1;
    usage(JsonTree.at(json, "usage"), "prompt_tokens", "completion_tokens");
  }

  private void messageEvent(@Nullable Object json) {
    switch (JsonTree.text(json, "type")) {
      case "message_start" -> {
        starts++;
        input = JsonTree.number(json, "message", "usage", "input_tokens");
      }
      case "content_block_delta" -> text.append(JsonTree.text(json, "delta", "text"));
      case "message_delta" -> {
        Object told = JsonTree.at(json, "usage");
        boolean full = JsonTree.at(told, "input_tokens") != null;
        long before = input;
        usage(told, "input_tokens", "output_tokens");
        input = full ? input : before;
      }
      case "message_stop" -> ends++;
      case "error" -> errors++;
      default -> {}
    }
  }

  private void responseEvent(@Nullable Object json) {
    long number = JsonTree.at(json, "sequence_number") instanceof Long n ? n : lastNumber + 1;
    if (number <= lastNumber) {
      flaw("sequence_number " + number + " after " + lastNumber);
    }
    lastNumber = number;
    usage(JsonTree.at(json, "response", "usage"), "input_tokens", "output_tokens");
    switch (JsonTree.text(json, "type")) {
      case "response.created" -> starts++;
      case "response.output_text.delta" -> text.append(JsonTree.text(json, "delta"));
      case "response.completed" -> {
        ends++;
        String all = outputText(JsonTree.at(json, "response"));
        if (!all.contentEquals(text)) {
          flaw("response.completed tells another text than its parts");
        }
      }
      case "error", "response.failed" -> errors++;
      default -> {}
    }
  }

  private static String outputText(@Nullable Object response) {
    StringBuilder all = new StringBuilder();
    if (JsonTree.at(response, "output") instanceof List<?> items) {
      items.forEach(item -> all.append(JsonTree.text(item, "content", 0, "text")));
    }
    return all.toString();
  }

  private void usage(@Nullable Object told, String in, String out) {
    if (told != null) {
      usages++;
      input = JsonTree.number(told, in);
      output = JsonTree.number(told, out);
    }
  }

  private void whole(@Nullable Object json) {
    boolean error = JsonTree.at(json, "error") != null;
    errors += error ? 1 : 0;
    if (error) {
      return;
    }
    starts++;
    ends++;
    Object usage = JsonTree.at(json, "usage");
    switch (dialect) {
      case CHAT -> {
        text.append(JsonTree.text(json, "choices", 0, "message", "content"));
        usage(usage, "prompt_tokens", "completion_tokens");
      }
      case MESSAGES -> {
        text.append(JsonTree.text(json, "content", 0, "text"));
        usage(usage, "input_tokens", "output_tokens");
      }
      case RESPONSES -> {
        text.append(outputText(json));
        usage(usage, "input_tokens", "output_tokens");
      }
    }
  }
}
