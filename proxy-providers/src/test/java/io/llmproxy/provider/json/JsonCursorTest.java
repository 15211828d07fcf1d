package io.llmproxy.provider.json;

import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.Replay;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCursorTest {

  @Test
  void readsWhatIsAskedForAndSkipsTheRest() {
    JsonCursor cursor =
        on(" {\"skip\":[1,{\"b\":\"]}\\\"\"},null],\"n\":42,\"s\":\"x\\\"y\",\"a\":[7,\"8\",9]} ");

    assertThat(cursor.enterObject()).isTrue();
    assertThat(cursor.nextName()).isTrue();
    assertThat(cursor.is(utf8("skip"))).isTrue();
    assertThat(cursor.skipValue()).isTrue();
    assertThat(cursor.nextName()).isTrue();
    assertThat(cursor.readCount()).isEqualTo(42);
    assertThat(cursor.nextName()).isTrue();
    assertThat(cursor.readString()).isTrue();
    assertThat(cursor.is(utf8("x\\\"y"))).isTrue();
    assertThat(cursor.nextName()).isTrue();
    assertThat(cursor.enterArray()).isTrue();
    assertThat(cursor.nextElement()).isTrue();
    assertThat(cursor.readCount()).isEqualTo(7);
    assertThat(cursor.nextElement()).isTrue();
    assertThat(cursor.readCount()).isEqualTo(JsonCursor.ABSENT);
    assertThat(cursor.nextElement()).isTrue();
    assertThat(cursor.readCount()).isEqualTo(9);
    assertThat(cursor.nextElement()).isFalse();
    assertThat(cursor.nextName()).isFalse();
    assertThat(cursor.isWhole()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "true", "12", "\"null\"", "{}", "[]", "[null]"})
  void tellsNullFromOtherValues(String value) {
    JsonCursor cursor = on("{\"a\":" + value + "}");
    assertThat(cursor.enterObject() && cursor.nextName()).isTrue();

    assertThat(cursor.skipValue()).isEqualTo(!value.equals("null"));
    assertThat(cursor.nextName()).isFalse();
    assertThat(cursor.isWhole()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"a",
        "{\"a\\",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":[{\"b\":1}",
        "{\"a\":\"b"
      })
  void tellsInputThatEndsEarly(String json) {
    JsonCursor cursor = on(json);
    walk(cursor);

    assertThat(cursor.isWhole()).isFalse();
    assertThat(cursor.isBroken()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"}", "{1:2}", "{\"a\"1}", "{\"a\":}", "{\"a\":]}", "{\"a\":@}", "{\"a\":[@]}"})
  void tellsInputThatIsNoJson(String json) {
    JsonCursor cursor = on(json);
    walk(cursor);

    assertThat(cursor.isBroken()).isTrue();
  }

  @Test
  void endsOnWhateverItIsGiven() {
    byte[] json = Replay.sample("xai-chat-response.json");
    byte[] hostile = utf8("\"\\{}[]:,0-n @\n\u0000é");
    JsonCursor cursor = new JsonCursor();

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (int at = 0; at < json.length; at++) {
            byte was = json[at];
            for (byte instead : hostile) {
              json[at] = instead;
              cursor.reset(json, 0, json.length);
              walk(cursor);
            }
            json[at] = was;
            cursor.reset(json, 0, at);
            walk(cursor);
          }
        });
  }

  /// Enters objects and arrays two levels deep and skips what lies below.
  private static void walk(JsonCursor cursor) {
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (cursor.isAt('[') && cursor.enterArray()) {
        while (cursor.nextElement()) {
          cursor.skipValue();
        }
      } else if (cursor.isAt('{') && cursor.enterObject()) {
        while (cursor.nextName()) {
          cursor.readCount();
        }
      } else {
        cursor.readString();
      }
    }
  }

  private static JsonCursor on(String json) {
    JsonCursor cursor = new JsonCursor();
    byte[] bytes = utf8(json);
    cursor.reset(bytes, 0, bytes.length);
    return cursor;
  }
}
