package io.llmproxy.provider.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.llmproxy.provider.json.FieldNames;
import io.llmproxy.provider.json.JsonFault;
import io.llmproxy.provider.json.JsonKind;
import io.llmproxy.provider.json.JsonScanner;
import io.llmproxy.provider.json.Segments;
import io.llmproxy.provider.json.Splice;
import io.llmproxy.provider.json.Words;
import io.llmproxy.provider.wire.JsonText;
import io.llmproxy.provider.wire.Operation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The body of one caller's request: scanned while it arrives, held until the exchange is over, and
/// given to each attempt with the few bytes changed that must change.
///
/// Call [#add] for each part, [#finish] once, then the accessors, and in the end [#release] once,
/// whatever happened. The bytes are not copied. For one thread.
public final class RequestBody {
  private static final int MODEL = 0;
  private static final int STREAM = 1;
  private static final int STREAM_OPTIONS = 2;
  static final int MAX_COMPLETION_TOKENS = 3;
  static final int MAX_TOKENS = 4;
  static final int MAX_OUTPUT_TOKENS = 5;
  private static final int PROMPT_CACHE_KEY = 6;
  private static final int SYSTEM = 7;
  private static final int INSTRUCTIONS = 8;
  private static final int MESSAGES = 9;
  private static final int INPUT = 10;
  static final int CHOICES = 11;
  static final int SERVICE_TIER = 12;
  static final FieldNames FIELDS =
      FieldNames.of(
          "model",
          "stream",
          "stream_options",
          "max_completion_tokens",
          "max_tokens",
          "max_output_tokens",
          "prompt_cache_key",
          "system",
          "instructions",
          "messages",
          "input",
          "n",
          "service_tier");

  /// A name longer than this is no model's; escapes counted as they stand.
  private static final int MAX_MODEL_BYTES = 4096;

  private static final String MODEL_EXPECTED =
      "a string that names a model; GET /v1/models lists them";
  private static final Adaptation UNCHANGED = new Adaptation(true);
  private static final JsonFactory JSON = new JsonFactory();

  private final Operation operation;
  private final JsonScanner scanner = new JsonScanner(FIELDS);
  private final Segments segments = new Segments();
  private long length;
  private boolean finished;
  private @Nullable RequestFault fault;
  private @Nullable String model;
  private StreamOptions streamOptions = StreamOptions.ABSENT;

  private RequestBody(Operation operation) {
    this.operation = operation;
  }

  public static RequestBody of(Operation operation) {
    return new RequestBody(operation);
  }

  /// Takes `part`, the next bytes of the body, cut anywhere. Nothing is held of a body that is
  /// refused.
  public void add(ByteBuf part) {
    if (finished) {
      part.release();
      throw new IllegalStateException("add after finish");
    }
    length += part.readableBytes();
    scanner.feed(part);
    segments.add(part);
    if (scanner.fault() != null) {
      segments.clear();
    }
  }

  /// Whether what arrived so far is refused already, whatever follows; [#finish] says why.
  public boolean isRefused() {
    return scanner.fault() != null;
  }

  /// The body ends here: why it is refused, null where it is not.
  public @Nullable RequestFault finish() {
    if (!finished) {
      finished = true;
      scanner.finish();
      JsonFault json = scanner.fault();
      fault = json == null ? check() : RequestFault.of(json, null, 0);
    }
    return fault;
  }

  /// The model asked for.
  public String model() {
    return Objects.requireNonNull(model, "model of a body that is not accepted");
  }

  /// Whether the answer is to be an event stream.
  public boolean isStreamed() {
    checkAccepted();
    return operation.isStreamable() && is(STREAM, JsonKind.TRUE);
  }

  /// Whether the caller wants Chat Completions' usage record at the end of the stream.
  public boolean asksForUsage() {
    checkAccepted();
    return streamOptions.asksForUsage();
  }

  /// How much answer the caller asks for.
  public Wish wish() {
    checkAccepted();
    return new Wish(operation, scanner, segments);
  }

  /// The same request with `tokens` as the most that its answer may have.
  public RequestBody withMaxOutputTokens(long tokens) {
    ByteBuf bytes = Unpooled.buffer(Math.toIntExact(length) + 64);
    new SplicedBody(segments, wish().limitedTo(tokens))
        .emit(part -> {
          bytes.writeBytes(part);
          part.release();
        });
    RequestBody changed = of(operation);
    changed.add(bytes);
    RequestFault wrong = changed.finish();
    if (wrong != null) {
      changed.release();
      throw new IllegalStateException("a body that was accepted before: " + wrong.message());
    }
    return changed;
  }

  /// A hash that the requests of one conversation share, by which they find the same prompt cache.
  public long promptHash() {
    checkAccepted();
    PromptHash hash = new PromptHash();
    if (scanner.has(PROMPT_CACHE_KEY)) {
      hash.add(beginning(PROMPT_CACHE_KEY));
      return hash.value();
    }
    for (int field : new int[] {SYSTEM, INSTRUCTIONS}) {
      if (scanner.has(field)) {
        hash.add(beginning(field));
      }
    }
    for (int field : new int[] {MESSAGES, INPUT}) {
      if (scanner.has(field)) {
        hash.addFirst(beginning(field));
      }
    }
    return hash.value();
  }

  private byte[] beginning(int field) {
    long start = scanner.start(field);
    return segments.copy(start, Math.min(scanner.end(field), start + PromptHash.MOST_BYTES));
  }

  /// The same request with one turn more, the assistant's, that its answer is to go on from; null
  /// where it has no list of messages.
  public @Nullable RequestBody withTurn(String text) {
    checkAccepted();
    if (operation != Operation.MESSAGES || !is(MESSAGES, JsonKind.ARRAY)) {
      return null;
    }
    int end = Math.toIntExact(scanner.end(MESSAGES)) - 1;
    byte[] before = segments.copy(0, end);
    byte[] turn = JsonText.quoted(text);
    ByteBuf bytes = Unpooled.buffer(Math.toIntExact(length) + turn.length + 64);
    bytes.writeBytes(before);
    bytes.writeCharSequence(",{\"role\":\"assistant\",\"content\":", StandardCharsets.US_ASCII);
    bytes.writeBytes(turn).writeByte('}').writeBytes(segments.copy(end, length));
    RequestBody longer = of(operation);
    longer.add(bytes);
    if (longer.finish() == null) {
      return longer;
    }
    longer.release();
    return null;
  }

  /// Bytes received.
  public long length() {
    return length;
  }

  /// Whether `bytes` stand anywhere in the body.
  public boolean contains(byte[] bytes) {
    return segments.contain(bytes);
  }

  /// Which of `words` stand anywhere in the body: a bit for each, the lowest for the first.
  public long which(Words words) {
    return segments.which(words);
  }

  /// A copy of all bytes received, for a translator.
  public byte[] copy() {
    return segments.copy(0, segments.length());
  }

  /// The body as one provider is to receive it: `upstreamModel` in the place of the model asked
  /// for, unless null; with `injectUsage`, a streamed chat asks for its usage record. Every other
  /// byte is as received.
  public SplicedBody splice(@Nullable String upstreamModel, boolean injectUsage) {
    return splice(upstreamModel, injectUsage, UNCHANGED);
  }

  /// What must change in this body, that of a chat, so that a provider with `quirks` takes it.
  /// Another operation's body is left as it is.
  public Adaptation adapt(ChatQuirks quirks) {
    checkAccepted();
    if (quirks.equals(ChatQuirks.NONE)
        || operation != Operation.CHAT_COMPLETIONS
        || (quirks.concernsMaxTokensAlone() && !scanner.has(MAX_TOKENS))) {
      return UNCHANGED;
    }
    Adaptation adaptation = new Adaptation(quirks.takesStreamOptions());
    ObjectEdit root = new ObjectEdit(copy(), adaptation, "");
    root.open(Math.toIntExact(scanner.rootStart()));
    if (!quirks.takesStreamOptions()) {
      root.remove(FIELDS.name(STREAM_OPTIONS));
    }
    quirks.adapt(root);
    root.close();
    return adaptation;
  }

  /// The body as [#splice(String, boolean)] gives it, with what `adaptation` says; that is made
  /// from this body and has no fault.
  public SplicedBody splice(
      @Nullable String upstreamModel, boolean injectUsage, Adaptation adaptation) {
    checkAccepted();
    if (adaptation.fault() != null) {
      throw new IllegalArgumentException("adaptation: " + adaptation.fault().message());
    }
    Splice splice = new Splice();
    adaptation.applyTo(splice);
    if (upstreamModel != null && !upstreamModel.equals(model)) {
      splice.replace(scanner.start(MODEL), scanner.end(MODEL), JsonText.quoted(upstreamModel));
    }
    if (injectUsage
        && adaptation.takesStreamOptions()
        && operation == Operation.CHAT_COMPLETIONS
        && isStreamed()) {
      streamOptions.injectUsage(splice, scanner.rootStart());
    }
    return new SplicedBody(segments, splice);
  }

  /// Gives up the bytes. To be called once; parts that were given to a sink live on.
  public void release() {
    finished = true;
    segments.release();
  }

  private @Nullable RequestFault check() {
    if (scanner.rootKind() != JsonKind.OBJECT) {
      return RequestFault.notAnObject(scanner.rootKind().phrase());
    }
    RequestFault wrong = checkModel();
    if (wrong == null) {
      wrong = checkStream();
    }
    if (wrong == null && operation == Operation.CHAT_COMPLETIONS) {
      wrong = readStreamOptions();
    }
    if (wrong == null) {
      model = readModel();
    }
    return wrong;
  }

  private @Nullable RequestFault checkModel() {
    if (!scanner.has(MODEL)) {
      return RequestFault.missing("model", MODEL_EXPECTED);
    }
    if (scanner.kind(MODEL) != JsonKind.STRING) {
      return RequestFault.wrongKind("model", scanner.kind(MODEL).phrase(), MODEL_EXPECTED);
    }
    long size = scanner.end(MODEL) - scanner.start(MODEL) - 2;
    if (size == 0) {
      return RequestFault.wrongKind("model", "an empty string", MODEL_EXPECTED);
    }
    if (size > MAX_MODEL_BYTES) {
      return RequestFault.wrongKind("model", "a string of " + size + " bytes", MODEL_EXPECTED);
    }
    return null;
  }

  private @Nullable RequestFault checkStream() {
    // OpenAI's API takes null for false here; what others make of it is theirs to say.
    if (scanner.has(STREAM)
        && !scanner.kind(STREAM).isBoolean()
        && scanner.kind(STREAM) != JsonKind.NULL) {
      return RequestFault.wrongKind("stream", scanner.kind(STREAM).phrase(), "true or false");
    }
    return null;
  }

  private @Nullable RequestFault readStreamOptions() {
    if (!scanner.has(STREAM_OPTIONS)) {
      return null;
    }
    JsonKind kind = scanner.kind(STREAM_OPTIONS);
    if (kind != JsonKind.OBJECT && kind != JsonKind.NULL) {
      return RequestFault.wrongKind("stream_options", kind.phrase(), "an object or null");
    }
    long start = scanner.start(STREAM_OPTIONS);
    long end = scanner.end(STREAM_OPTIONS);
    streamOptions =
        kind == JsonKind.NULL
            ? StreamOptions.ofNull(start, end)
            : StreamOptions.ofObject(segments, start, end);
    return streamOptions.fault();
  }

  private String readModel() {
    byte[] quoted = segments.copy(scanner.start(MODEL), scanner.end(MODEL));
    for (byte b : quoted) {
      if (b == '\\') {
        return unescaped(quoted);
      }
    }
    return new String(quoted, 1, quoted.length - 2, StandardCharsets.UTF_8);
  }

  /// What a string with escapes, in its quotes, stands for.
  static String unescaped(byte[] quoted) {
    try (JsonParser parser = JSON.createParser(quoted)) {
      parser.nextToken();
      return parser.getText();
    } catch (IOException e) {
      throw new UncheckedIOException("a string that was scanned before", e);
    }
  }

  private boolean is(int field, JsonKind kind) {
    return scanner.has(field) && scanner.kind(field) == kind;
  }

  private void checkAccepted() {
    if (model == null) {
      throw new IllegalStateException("a body that is not accepted");
    }
  }
}
