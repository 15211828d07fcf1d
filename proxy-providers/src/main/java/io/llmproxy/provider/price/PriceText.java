package io.llmproxy.provider.price;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The text of a table of prices, read value by value; what is wrong is noted where it stands.
///
/// Each `read…` is called at a value's first token and ends at its last.
final class PriceText {
  static final long MISSING = -1;

  /// Below a hundred thousand dollars per million tokens, so that no product of it overflows.
  private static final Pattern DECIMAL = Pattern.compile("\\d{1,5}(\\.\\d{1,12})?");

  private static final Pattern COUNT = Pattern.compile("\\d{1,12}");
  private static final int NANO_DIGITS = 9;

  private final JsonParser parser;
  private final List<PriceFault> faults = new ArrayList<>();
  private String model = "";

  PriceText(JsonParser parser) {
    this.parser = parser;
  }

  List<PriceFault> faults() {
    return faults;
  }

  /// The model that faults are about from here on; empty for none.
  void about(String name) {
    model = name;
  }

  void fault(String message) {
    faultAt(parser.currentTokenLocation(), message);
  }

  void faultAt(@Nullable JsonLocation at, String message) {
    String where = model.isEmpty() ? "" : model + ": ";
    faults.add(
        at == null
            ? new PriceFault(1, 1, where + message)
            : new PriceFault(at.getLineNr(), at.getColumnNr(), where + message));
  }

  JsonLocation location() {
    return parser.currentTokenLocation();
  }

  /// Goes to the next member's value and tells its name; null at the object's end.
  @Nullable String nextField() throws IOException {
    if (parser.nextToken() != JsonToken.FIELD_NAME) {
      return null;
    }
    String name = parser.currentName();
    parser.nextToken();
    return name;
  }

  /// Goes to the next value of an array; false at its end.
  boolean nextElement() throws IOException {
    return parser.nextToken() != JsonToken.END_ARRAY;
  }

  void skip() throws IOException {
    parser.skipChildren();
  }

  void unknown(String name) throws IOException {
    fault(name + ": unknown key");
    skip();
  }

  boolean isObject(String name) throws IOException {
    return isKind(name, JsonToken.START_OBJECT, "an object");
  }

  boolean isArray(String name) throws IOException {
    return isKind(name, JsonToken.START_ARRAY, "an array");
  }

  /// Empty where there is none; that is noted.
  String readString(String name) throws IOException {
    if (!isKind(name, JsonToken.VALUE_STRING, "a string")) {
      return "";
    }
    if (parser.getText().isBlank()) {
      fault(name + ": empty (expected: a string)");
    }
    return parser.getText();
  }

  List<String> readStrings(String name) throws IOException {
    List<String> strings = new ArrayList<>();
    if (isArray(name)) {
      while (nextElement()) {
        String string = readString(name);
        if (!string.isBlank()) {
          strings.add(string);
        }
      }
    }
    return strings;
  }

  /// Dollars per million tokens as nano-dollars; [#MISSING] where there are none, which is noted.
  long readRate(String name) throws IOException {
    return readScaled(name, NANO_DIGITS, "dollars per million tokens, 0 to 99999.999999999");
  }

  /// A factor in thousandths.
  long readFactor(String name) throws IOException {
    long thousandths = readScaled(name, 3, "a factor above 0, at most 10");
    if (thousandths == 0 || thousandths > 10_000) {
      fault(name + ": " + parser.getText() + " (expected: a factor above 0, at most 10)");
      return MISSING;
    }
    return thousandths;
  }

  long readCount(String name) throws IOException {
    String text = parser.currentToken().isNumeric() ? parser.getText() : "";
    if (!COUNT.matcher(text).matches()) {
      faultValue(name, "a count of tokens");
      return MISSING;
    }
    return Long.parseLong(text);
  }

  private long readScaled(String name, int digits, String expected) throws IOException {
    String text = parser.currentToken().isNumeric() ? parser.getText() : "";
    if (!DECIMAL.matcher(text).matches()) {
      faultValue(name, expected);
      return MISSING;
    }
    BigDecimal scaled = new BigDecimal(text).movePointRight(digits);
    try {
      return scaled.longValueExact();
    } catch (ArithmeticException _) {
      fault(name + ": " + text + " (expected: at most " + digits + " decimals)");
      return MISSING;
    }
  }

  private boolean isKind(String name, JsonToken kind, String expected) throws IOException {
    if (parser.currentToken() == kind) {
      return true;
    }
    faultValue(name, expected);
    return false;
  }

  private void faultValue(String name, String expected) throws IOException {
    JsonToken found = parser.currentToken();
    String shown =
        switch (found) {
          case START_OBJECT -> "an object";
          case START_ARRAY -> "an array";
          default -> parser.getText();
        };
    String start = found.isNumeric() && shown.startsWith("-") ? ": negative: " : ": ";
    fault(name + start + shown + " (expected: " + expected + ")");
    skip();
  }
}
