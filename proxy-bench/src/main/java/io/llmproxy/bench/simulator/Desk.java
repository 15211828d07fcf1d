package io.llmproxy.bench.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.ZoneOffset.UTC;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import io.llmproxy.bench.simulator.rules.Refused;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decides how each request of one event loop is answered.
final class Desk {

  private static final int KEPT_RENDITIONS = 512;
  private static final int SCRATCH_BYTES = 64 * 1024;

  private final Ticker ticker;
  private final Books books;
  private final Scripts scripts;
  private final Admission admission;
  private final Courses courses;
  private final Connections http2;
  private final boolean attempts;
  private final byte[] scratch = new byte[SCRATCH_BYTES];
  private final LinkedHashMap<Rendition.Key, Rendition> kept = new LinkedHashMap<>(64, 0.75f, true);
  private long requestNumber = System.nanoTime() & 0xFFFF_FFFFL;

  Desk(Ticker ticker, Books books, SimulatorSettings settings, Courses courses) {
    this.ticker = ticker;
    this.books = books;
    scripts = settings.scripts();
    admission = new Admission(settings);
    this.courses = courses;
    http2 = settings.http2();
    attempts = settings.attempts();
  }

  Ticker ticker() {
    return ticker;
  }

  Books books() {
    return books;
  }

  /// How connections of HTTP/2 behave.
  Connections http2() {
    return http2;
  }

  /// The script of a request whose body is still arriving, if its model is known already.
  @Nullable Script peek(Arrival arrival) {
    ByteBuf body = arrival.body();
    if (body == null) {
      return null;
    }
    int length = Math.min(body.readableBytes(), SCRATCH_BYTES);
    body.getBytes(body.readerIndex(), scratch, 0, length);
    String model = RequestFacts.peekModel(scratch, length);
    try {
      return model == null ? null : scripts.script(model);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  /// Answers a request, which it borrows; gives the reply if it is one by script and so may last.
  @Nullable OpenReply answer(Paths paths, Arrival arrival, ReplySink sink) {
    if (arrival.path.equals(BooksPage.PATH)) {
      return say(paths.unknownGoTo(), BooksPage.of(books), sink);
    }
    books.received(arrival.bodyBytes());
    Paths.Place place = paths.find(arrival.path);
    if (place == null) {
      refuse(paths.unknownGoTo(), 404, "Unknown request URL: " + arrival.path, sink);
      return null;
    }
    try {
      return answer(place, arrival, sink);
    } catch (Refused e) {
      refuse(place.provider(), e, sink);
      return null;
    }
  }

  private @Nullable OpenReply answer(Paths.Place place, Arrival arrival, ReplySink sink) {
    SimulatedProvider provider = place.provider();
    int keyStatus = admission.keyStatus(provider, arrival.fields);
    if (keyStatus != 200) {
      refuse(provider, keyStatus, "", sink);
      return null;
    }
    String needed = place.operation() == Paths.Operation.MODELS ? "GET" : "POST";
    if (!arrival.method.equals(needed)) {
      refuse(provider, 405, "Method not allowed: " + arrival.method, sink);
      return null;
    }
    if (arrival.bodyBytes() > Arrival.MAX_BODY) {
      refuse(provider, 413, "", sink);
      return null;
    }
    if (place.operation() == Paths.Operation.MODELS) {
      return say(provider, models(provider), sink);
    }
    try {
      return posted(place, arrival, sink);
    } catch (IOException | IllegalArgumentException e) {
      String message = e.getMessage();
      refuse(provider, 400, message == null ? "" : message, sink);
      return null;
    }
  }

  private @Nullable OpenReply posted(Paths.Place place, Arrival arrival, ReplySink sink)
      throws IOException {
    ByteBuf body = arrival.body();
    if (body == null) {
      throw new IOException("the body is empty");
    }
    int length = body.readableBytes();
    byte[] bytes = length <= SCRATCH_BYTES ? scratch : new byte[length];
    body.getBytes(body.readerIndex(), bytes, 0, length);
    RequestFacts facts =
        arrival.isEarly()
            ? RequestFacts.readEarly(bytes, length)
            : RequestFacts.read(bytes, length);
    Script script = scripts.script(facts.model());
    Course course = course(place, arrival, new Body(bytes, length), facts, script);
    if (!arrival.isEarly()) {
      String as = script.as() == null ? facts.model() : script.as();
      admission.checkBody(place, arrival, bytes, length, as);
    }
    if (facts.model().isEmpty()) {
      throw new IOException("you must provide a model parameter");
    }
    SimulatedProvider provider = place.provider();
    return switch (place.operation()) {
      case CHAT, RESPONSES -> {
        RequestFacts answered = facts.withStream(script.streams(facts.stream()));
        yield generate(new Asked(place, answered, course), script, arrival, sink);
      }
      case COUNT_TOKENS -> say(provider, "{\"input_tokens\":" + input(arrival) + "}", sink);
      case EMBEDDINGS -> embed(provider, Embeddings.read(bytes, length), input(arrival), sink);
      case MODELS -> null;
    };
  }

  private @Nullable OpenReply embed(
      SimulatedProvider provider, Embeddings asked, long input, ReplySink sink) {
    books.model(provider, asked.model()).completed(new Tokens(input, 0, 0, 0, 0));
    return say(provider, asked.answer(input), sink);
  }

  /// A request's body, as long as it is.
  @SuppressWarnings("ArrayRecordComponent") // a bundle of arguments, never compared
  private record Body(byte[] bytes, int length) {}

  /// What is asked for, and how it is to be answered.
  private record Asked(Paths.Place place, RequestFacts facts, Course course) {}

  /// Notes the attempt, and finds how its script is to be played.
  private Course course(
      Paths.Place place, Arrival arrival, Body body, RequestFacts facts, Script script)
      throws IOException {
    boolean reads = (attempts || script.trouble().asksForPrompt()) && !arrival.isEarly();
    Prompt prompt = reads ? Prompt.read(body.bytes(), body.length()) : Prompt.NONE;
    if (attempts) {
      books.attempted(prompt.hash(), place.provider(), facts.model());
    }
    String credential = Admission.credential(place.provider(), arrival.fields);
    return courses.of(script, facts.model(), prompt, credential);
  }

  private OpenReply generate(Asked asked, Script written, Arrival arrival, ReplySink into) {
    SimulatedProvider provider = asked.place().provider();
    boolean responses = asked.place().operation() == Paths.Operation.RESPONSES;
    Script passed = asked.course() == Course.RECOVERED ? written.trouble().recovered() : null;
    Script script = passed == null ? written : passed;
    ReplySink sink = script.trouble().gzip() ? new GzipSink(into) : into;
    boolean chunked = sink.chunked() && !script.bytewise();
    Rendition.Key key =
        new Rendition.Key(provider, responses, asked.facts(), chunked, asked.course());
    Rendition rendition = kept.get(key);
    if (rendition == null) {
      rendition = render(key, script, script.echo() ? echo(arrival) : "");
    } else {
      rendition.retain();
    }
    Tokens tokens = Tokens.of(arrival.bodyBytes(), rendition.script);
    OpenReply.Particulars particulars = new OpenReply.Particulars(tokens, nextId(provider));
    OpenReply reply = new OpenReply(rendition, sink, ticker, books, particulars);
    rendition.release();
    return reply;
  }

  private String nextId(SimulatedProvider provider) {
    return provider.shape().requestId(++requestNumber);
  }

  /// Gives a rendition, held once more if it is kept.
  ///
  /// @throws IllegalArgumentException if its script cannot be played
  private Rendition render(Rendition.Key key, Script script, String echo) {
    RenditionDraft draft = RenditionDraft.of(key, script, echo);
    ModelBook book = books.model(key.provider(), key.facts().model());
    Rendition rendition = new Rendition(key, draft, book);
    if (rendition.isKept()) {
      rendition.retain();
      kept.put(key, rendition);
      evict();
    }
    return rendition;
  }

  private void evict() {
    if (kept.size() > KEPT_RENDITIONS) {
      Map.Entry<Rendition.Key, Rendition> eldest = kept.firstEntry();
      kept.remove(eldest.getKey());
      eldest.getValue().release();
    }
  }

  private static String echo(Arrival arrival) {
    ByteBuf body = arrival.body();
    StringBuilder text = new StringBuilder();
    byte[] bytes = body == null ? new byte[0] : ByteBufUtil.getBytes(body);
    text.append("sha256 ").append(Sha256.hex(bytes));
    text.append("\nbytes ").append(arrival.bodyBytes());
    text.append("\npath ").append(arrival.path);
    for (Map.Entry<CharSequence, CharSequence> field : arrival.fields.all()) {
      String name = field.getKey().toString().toLowerCase(Locale.ROOT);
      text.append("\nheader ").append(name).append(": ").append(field.getValue());
    }
    return text.toString();
  }

  private static long input(Arrival arrival) {
    return Math.max(1, arrival.bodyBytes() / Tokens.BYTES_PER_TOKEN);
  }

  private String models(SimulatedProvider provider) {
    List<String> names = new ArrayList<>(scripts.names());
    names.add("echo");
    names.add("sim-events=10");
    return provider.shape().models(names);
  }

  private @Nullable OpenReply say(SimulatedProvider provider, String json, ReplySink sink) {
    write(provider, new Said(200, "application/json", nextId(provider), json), sink);
    return null;
  }

  private void refuse(SimulatedProvider provider, int status, String message, ReplySink sink) {
    String id = nextId(provider);
    refuse(provider, status, id, provider.shape().error(status, message, id), sink);
  }

  private void refuse(SimulatedProvider provider, Refused refused, ReplySink sink) {
    String id = nextId(provider);
    refuse(provider, refused.status(), id, provider.shape().refusal(refused, id), sink);
  }

  private void refuse(
      SimulatedProvider provider, int status, String id, String body, ReplySink sink) {
    books.refusedOne();
    write(provider, new Said(status, provider.shape().errorContentType(status), id, body), sink);
  }

  /// An answer that needs no script.
  private record Said(int status, CharSequence contentType, String id, String body) {}

  private static void write(SimulatedProvider provider, Said said, ReplySink sink) {
    List<CharSequence> fields = new ArrayList<>();
    fields.add(ReplyHead.CONTENT_TYPE);
    fields.add(said.contentType());
    fields.add("date");
    fields.add(RFC_1123_DATE_TIME.format(ZonedDateTime.now(UTC)));
    fields.addAll(provider.shape().headers());
    AsciiString idHeader = provider.shape().requestIdHeader();
    if (idHeader != null) {
      fields.add(idHeader);
      fields.add(said.id());
    }
    byte[] bytes = said.body().getBytes(UTF_8);
    sink.head(new ReplyHead(said.status(), fields, bytes.length));
    sink.write(Unpooled.wrappedBuffer(bytes));
    sink.touch();
    sink.end();
  }

  /// Gives up what is kept; replies under way keep what they use.
  void close() {
    kept.values().forEach(Rendition::release);
    kept.clear();
  }

  /// The digest an echo tells.
  private static final class Sha256 {
    static String hex(byte[] bytes) {
      try {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
        return HexFormat.of().formatHex(digest);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("SHA-256 is part of every JDK", e);
      }
    }
  }
}
