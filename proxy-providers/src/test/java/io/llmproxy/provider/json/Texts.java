package io.llmproxy.provider.json;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Texts and buffers for tests.
public final class Texts {

  /// Every shape that a JSON value takes, in documents of a few bytes.
  public static final List<String> ACCEPTED =
      List.of(
          "{}",
          "[]",
          "null",
          "true",
          "false",
          "0",
          "-0",
          "7",
          "\"\"",
          "\"a\"",
          " \t\r\n1 \t\r\n",
          "-1",
          "10",
          "-10.25",
          "0.0",
          "1e1",
          "1E+9",
          "1e-07",
          "0e0",
          "-0.0E-0",
          "123456789012345",
          "[1]",
          "[1,2 , 3]",
          "[[[]]]",
          "[{}]",
          "{\"a\":[{\"b\":null}]}",
          "[true,false,null]",
          "{\"\":0}",
          "{\"a\":1,\"b\":1}",
          "{\"a\":{\"x\":1,\"x\":2}}",
          "[{\"x\":1,\"x\":1}]",
          "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
          "\"\\u0000\\uABCD\\uabcd\"",
          "\"\\ud83d\\ude00\"",
          "\"\\ud800\"",
          "\"\\udc00\\ud800x\"",
          "\"\u007F\"",
          "\"\u0080\u07FF\"",
          "\"\u0800\uFFFF\"",
          "\"\uD7FF\uE000\"",
          "\"\uD800\uDC00\uDBFF\uDFFF\"",
          "\"\uFEFF\"",
          "\"\u2028\u2029\"",
          "\"12345678\"",
          "\"1234567\\n\"",
          "\"12345678\u00E9abcdefgh\"",
          "\"a/b\"",
          "\"'\"",
          "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
          "{\"mod\\u0065l\":\"\u6A21\u578B\",\"n\":[1e5,-2.5]}",
          "{ \"a\" : { } , \"b\" : [ ] }",
          "{\"\\ud83d\\ude00\":1,\"\u00E9\":2}",
          "1.7976931348623157e999",
          "123456789.123456789E-123456789");

  /// Near misses of the same.
  public static final List<String> REFUSED =
      List.of(
          "",
          " ",
          "{",
          "}",
          "[",
          "]",
          "[]]",
          "{}}",
          "[}",
          "{]",
          "[1",
          "[1,",
          "[1,]",
          "[,1]",
          "[1 2]",
          "[1;2]",
          "[\"a\":1]",
          "{1:2}",
          "{a:1}",
          "{'a':1}",
          "{\"a\"}",
          "{\"a\":}",
          "{\"a\":1,}",
          "{,}",
          "{\"a\" 1}",
          "{\"a\"::1}",
          "{\"a\":1 \"b\":2}",
          "{\"a\":1,\"a\":1}",
          "{\"a\":1,\"\\u0061\":2}",
          "{\"\\ud83d\\ude00\":1,\"\uD83D\uDE00\":2}",
          "{null:1}",
          "nul",
          "nulL",
          "nullx",
          "NULL",
          "True",
          "truefalse",
          "tru",
          "t",
          "undefined",
          "NaN",
          "Infinity",
          "-Infinity",
          "-",
          "+1",
          "01",
          "-01",
          "1.",
          ".5",
          "-.5",
          "1.e1",
          "1e",
          "1e+",
          "1E-",
          "1e1.5",
          "0x10",
          "1_000",
          "1-2",
          "--1",
          "1a",
          "1 1",
          "1,",
          "2.",
          "00",
          "\"",
          "\"a",
          "'a'",
          "\"\\\"",
          "\"\\",
          "\"\\u\"",
          "\"\\u12\"",
          "\"\\u123g\"",
          "\"\\U0041\"",
          "\"\\x41\"",
          "\"\\a\"",
          "\"\\'\"",
          "\"\\ \"",
          "\"\n\"",
          "\"\t\"",
          "\"\u0000\"",
          "\"\u001F\"",
          "\"1234567\u0001\"",
          "\"a\"b",
          "\"a\"\"b\"",
          "[1]x",
          "{}{}",
          "// c\n1",
          "1 // c",
          "/**/1",
          "\f1",
          "\u00A01",
          "\uFEFF1",
          "\uFEFF{}",
          "1\u0000",
          "\u0000",
          "[\u000B]",
          "\u2028[]",
          "\u00E9",
          "[\"a\",\n4\n,1,",
          "{\"a\":\"b\"}/**/",
          "{\"a\":tru}",
          "[-]",
          "[1e]",
          "*",
          "#{}");

  private Texts() {}

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// A direct, pooled buffer that holds `bytes`, not at its beginning.
  public static ByteBuf direct(byte[] bytes) {
    ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length + 3);
    return buffer.writeBytes(new byte[] {'x', 'y', 'z'}).skipBytes(3).writeBytes(bytes);
  }

  /// The same on the heap.
  public static ByteBuf heap(byte[] bytes) {
    ByteBuf buffer = PooledByteBufAllocator.DEFAULT.heapBuffer(bytes.length + 3);
    return buffer.writeBytes(new byte[] {'x', 'y', 'z'}).skipBytes(3).writeBytes(bytes);
  }

  public static ByteBuf direct(byte[] bytes, int from, int to) {
    return direct(Arrays.copyOfRange(bytes, from, to));
  }
}
