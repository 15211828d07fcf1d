package io.llmproxy.bench.simulator;

import io.netty.util.AsciiString;

/// How the records of a stream are spelled: in ways that the format of event streams allows, and
/// some that it does not.
enum Spelling {
  PLAIN,
  CRLF {
    @Override
    String records(String text) {
      return text.replace("\n", "\r\n");
    }
  },
  CR {
    @Override
    String records(String text) {
      return text.replace("\n", "\r");
    }
  },
  /// A comment before each record.
  COMMENTS {
    @Override
    String records(String text) {
      return text.replaceAll(BEGIN, ": still here\n:\n");
    }
  },
  /// No space after a field's name.
  TIGHT {
    @Override
    String records(String text) {
      return text.replaceAll("(?<=^|\n)(event|data): ", "$1:");
    }
  },
  /// An id and a time to reconnect in each record.
  IDS {
    @Override
    String records(String text) {
      return text.replaceAll(BEGIN, "id: 7\nretry: 3000\n");
    }
  },
  /// A byte order mark before the first record.
  BOM {
    @Override
    String opening(String text) {
      return '\uFEFF' + text;
    }
  },
  /// No names of events.
  UNNAMED {
    @Override
    String records(String text) {
      return text.replaceAll("(?<=^|\n)event: [^\n]*\n", "");
    }
  },
  /// The stream's last record is missing.
  UNENDED {
    @Override
    String closing(String text) {
      return text.substring(0, text.lastIndexOf("\n\n", text.length() - 3) + 2);
    }
  },
  /// Announced as `application/json`.
  JSON {
    @Override
    AsciiString contentType(AsciiString usual) {
      return AsciiString.cached("application/json");
    }
  };

  private static final String BEGIN = "(?<=^|\n\n)(?=event: |data: )";

  /// Whole records, or what precedes or follows the gap of one.
  String records(String text) {
    return text;
  }

  String opening(String text) {
    return records(text);
  }

  String closing(String text) {
    return records(text);
  }

  AsciiString contentType(AsciiString usual) {
    return usual;
  }

  Shape.Frame frame(Shape.Frame frame) {
    return new Shape.Frame(records(frame.before()), records(frame.after()));
  }
}
