package io.llmproxy.provider.anthropic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;

/// The names of events that came without one in a part of a stream, each with its record's place.
final class EventNames {
  private static final String EVENT = "event: ";

  /// @param endIndex where in the part the record ends, its empty line included
  private record Missing(String name, int endIndex) {}

  private final List<Missing> missing = new ArrayList<>(0);

  /// Notes that the record lacks a name which ends at `endIndex` of the part; 0 where the stream
  /// ended before it did. One that is no plain word stays away.
  void add(String name, int endIndex) {
    if (endIndex > 0 && isWord(name)) {
      missing.add(new Missing(name, endIndex));
    }
  }

  private static boolean isWord(String name) {
    return !name.isEmpty() && name.chars().allMatch(c -> c == '_' || (c >= 'a' && c <= 'z'));
  }

  /// Takes `part` and gives it with the names added to it, each before the empty line that ends its
  /// record: the record may have begun in a part that is long gone.
  ByteBuf addTo(ByteBuf part) {
    if (missing.isEmpty()) {
      return part;
    }
    int base = part.readerIndex();
    int bytes = part.readableBytes();
    for (Missing each : missing) {
      bytes += EVENT.length() + each.name.length() + 1;
    }
    ByteBuf named = part.alloc().buffer(bytes);
    for (Missing each : missing) {
      int place = emptyLine(part, base + each.endIndex);
      named.writeBytes(part, place - part.readerIndex());
      ByteBufUtil.writeAscii(named, EVENT);
      ByteBufUtil.writeAscii(named, each.name);
      named.writeByte('\n');
    }
    missing.clear();
    named.writeBytes(part);
    part.release();
    return named;
  }

  private static int emptyLine(ByteBuf part, int end) {
    boolean two =
        end - 2 >= part.readerIndex()
            && part.getByte(end - 1) == '\n'
            && part.getByte(end - 2) == '\r';
    return two ? end - 2 : end - 1;
  }
}
