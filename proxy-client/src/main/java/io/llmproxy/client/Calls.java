package io.llmproxy.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/// How a client's calls are begun.
///
/// @param executor tells subscribers and completes futures
record Calls(Core core, Executor executor, Duration deadline, Resume resume) {

  Call begin(Ask ask, Reception reception) {
    return core.begin(ask, reception);
  }

  <T> CompletableFuture<T> whole(Ask ask, WholeReception.Reader<T> reader) {
    CompletableFuture<T> future = new CompletableFuture<>();
    Call call = begin(ask, new WholeReception<>(reader, future, executor));
    future.whenComplete((_, _) -> {
      if (future.isCancelled()) {
        call.cancel();
      }
    });
    return future;
  }

  /// Waits; throws what the call failed by as it is.
  static <T> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof LlmException failure) {
        throw failure;
      }
      throw e;
    }
  }
}
