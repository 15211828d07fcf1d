package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.json.JsonWriter;
import java.util.regex.Pattern;

/// Writes the scalar fields of a Chat request that have a counterpart, and judges those that have
/// none: a mere hint is left out, what would change the answer's form is refused.
final class Parameters {
  /// Anthropic's longest, in characters.
  private static final int LONGEST_USER = 256;

  private static final Pattern MAIL_OR_PHONE = Pattern.compile(".*@.*|[+(]?[0-9][0-9 ()./-]{5,}");

  private final ChatRequest request;
  private final byte[] body;
  private final Members<ChatField> fields;
  private final JsonWriter out;

  Parameters(ChatRequest request, JsonWriter out) {
    this.request = request;
    this.body = request.body();
    this.fields = request.fields();
    this.out = out;
  }

  void write(Reasoning reasoning) {
    writeStop();
    if (fields.isTrue(ChatField.STREAM)) {
      out.name("stream").bool(true);
    }
    writeSampling(request.model().samplingAllowed() && !reasoning.isOn());
    writeUser();
    writeServiceTier();
    judgeOthers();
  }

  private void writeStop() {
    switch (fields.first(ChatField.STOP)) {
      case 0 -> {}
      case '"', '[' -> writeStops();
      default -> request.refuse(ChatField.STOP, "neither a string nor an array", "strings");
    }
  }

  private void writeStops() {
    JsonCursor cursor = new JsonCursor();
    cursor.reset(body, fields.from(ChatField.STOP), body.length);
    if (cursor.isAt('"')) {
      boolean written = writeStop(cursor, false);
      if (written) {
        out.endArray();
      }
      return;
    }
    boolean written = false;
    cursor.enterArray();
    while (cursor.nextElement()) {
      written = writeStop(cursor, written);
    }
    if (written) {
      out.endArray();
    }
  }

  /// Writes the string the cursor is at, unless it is blank, which Anthropic refuses; whether any
  /// is written by now.
  private boolean writeStop(JsonCursor cursor, boolean written) {
    if (!cursor.readString()) {
      request.refuse(ChatField.STOP, "an element that is no string", "strings");
      return written;
    }
    if (JsonStrings.isBlank(body, cursor.stringFrom(), cursor.stringTo())) {
      request.drop(ChatField.STOP);
      return written;
    }
    if (!written) {
      out.name("stop_sequences").startArray();
    }
    out.escaped(body, cursor.stringFrom(), cursor.stringTo());
    return true;
  }

  private void writeSampling(boolean allowed) {
    if (!allowed) {
      request.dropIfGiven(ChatField.TEMPERATURE);
      request.dropIfGiven(ChatField.TOP_P);
      request.dropIfGiven(ChatField.TOP_K);
      return;
    }
    if (fields.has(ChatField.TEMPERATURE)) {
      writeTemperature();
      request.dropIfGiven(ChatField.TOP_P);
    } else {
      writeNumber(ChatField.TOP_P, "top_p");
    }
    writeNumber(ChatField.TOP_K, "top_k");
  }

  /// OpenAI's goes up to 2, Anthropic's up to 1; below that both mean the same.
  private void writeTemperature() {
    if (fields.isNumber(ChatField.TEMPERATURE)
        && Double.parseDouble(fields.written(ChatField.TEMPERATURE)) > 1) {
      out.name("temperature").number(1);
    } else {
      writeNumber(ChatField.TEMPERATURE, "temperature");
    }
  }

  private void writeNumber(ChatField field, String name) {
    if (fields.isNumber(field)) {
      out.name(name).raw(body, fields.from(field), fields.to(field));
    } else if (fields.has(field)) {
      request.refuse(field, fields.written(field), "a number");
    }
  }

  private void writeUser() {
    ChatField field =
        fields.hasText(ChatField.SAFETY_IDENTIFIER) ? ChatField.SAFETY_IDENTIFIER : ChatField.USER;
    String user = fields.text(field);
    if (user.isEmpty()) {
      return;
    }
    if (user.length() > LONGEST_USER || MAIL_OR_PHONE.matcher(user).matches()) {
      request.drop(field);
      return;
    }
    out.name("metadata").startObject().name("user_id").string(user).endObject();
  }

  private void writeServiceTier() {
    if (fields.is(ChatField.SERVICE_TIER, "auto")) {
      out.name("service_tier").string("auto");
    } else if (fields.is(ChatField.SERVICE_TIER, "default")) {
      out.name("service_tier").string("standard_only");
    } else {
      request.dropIfGiven(ChatField.SERVICE_TIER);
    }
  }

  private void judgeOthers() {
    request.dropIfGiven(ChatField.SEED);
    request.dropIfGiven(ChatField.PREDICTION);
    request.dropIfGiven(ChatField.METADATA);
    request.dropIfGiven(ChatField.TOP_LOGPROBS);
    dropUnless(ChatField.STORE, fields.isFalse(ChatField.STORE));
    dropUnless(ChatField.PRESENCE_PENALTY, isZero(ChatField.PRESENCE_PENALTY));
    dropUnless(ChatField.FREQUENCY_PENALTY, isZero(ChatField.FREQUENCY_PENALTY));
    if (fields.has(ChatField.N) && fields.count(ChatField.N) != 1) {
      request.refuse(ChatField.N, fields.written(ChatField.N), "1, since one answer is given");
    }
    if (fields.isTrue(ChatField.LOGPROBS)) {
      refuse(ChatField.LOGPROBS, "false, since no probabilities are given");
    }
    if (fields.first(ChatField.LOGIT_BIAS) == '{' && !isEmptyObject(ChatField.LOGIT_BIAS)) {
      refuse(ChatField.LOGIT_BIAS, "none, since no token can be favoured");
    }
    if (fields.has(ChatField.WEB_SEARCH_OPTIONS)) {
      refuse(ChatField.WEB_SEARCH_OPTIONS, "none, since no search is made");
    }
    judgeModalities();
  }

  private void judgeModalities() {
    boolean audio = false;
    if (fields.first(ChatField.MODALITIES) == '[') {
      JsonCursor cursor = new JsonCursor();
      cursor.reset(body, fields.from(ChatField.MODALITIES), body.length);
      cursor.enterArray();
      while (cursor.nextElement()) {
        boolean text = cursor.readString() && is(cursor, "text");
        audio |= !text;
      }
    }
    if (audio) {
      refuse(ChatField.MODALITIES, "text alone");
    } else {
      request.dropIfGiven(ChatField.AUDIO);
    }
  }

  private void refuse(ChatField field, String expected) {
    request.refuse(field, "given", expected);
  }

  private void dropUnless(ChatField field, boolean meaningless) {
    if (!meaningless) {
      request.dropIfGiven(field);
    }
  }

  private boolean isZero(ChatField field) {
    return fields.isNumber(field) && Double.parseDouble(fields.written(field)) == 0;
  }

  private boolean isEmptyObject(ChatField field) {
    JsonCursor cursor = new JsonCursor();
    cursor.reset(body, fields.from(field), body.length);
    return cursor.enterObject() && !cursor.nextName();
  }

  private boolean is(JsonCursor cursor, String plain) {
    return JsonStrings.unescaped(body, cursor.stringFrom(), cursor.stringTo()).equals(plain);
  }
}
