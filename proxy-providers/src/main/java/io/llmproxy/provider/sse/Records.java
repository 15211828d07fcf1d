package io.llmproxy.provider.sse;

/// What is told of a stream's records, in their order.
public interface Records {

  /// A record ended; `record` describes it until this returns. Comments and empty records are told
  /// too: they have no data.
  void record(RecordSplitter record);

  /// A record ended that differs from the one last given to [RecordSplitter#learn] by nothing but
  /// the inside of its strings; that of the first stands in `[from, to)` of `bytes`, borrowed.
  void repeated(byte[] bytes, int from, int to);

  /// The LF at `partIndex` completes the CR that ended the record before.
  void lateLineFeed(int partIndex);
}
