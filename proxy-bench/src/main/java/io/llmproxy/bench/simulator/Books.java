package io.llmproxy.bench.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/// The simulated providers' own record of what they were asked and what they wrote.
///
/// Any thread may read; a sum is exact once the loops are at rest.
public final class Books {

  private static final int KEPT_CANCELLATIONS = 4096;
  private static final int KEPT_MODELS = 20_000;
  private static final int KEPT_PROMPTS = 20_000;

  private final Map<String, ModelBook> models = new ConcurrentHashMap<>();
  private final ArrayDeque<Cancellation> cancellations = new ArrayDeque<>();
  private final LongAdder cancelled = new LongAdder();
  private final LongAdder open = new LongAdder();
  private final LongAdder connections = new LongAdder();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder bytesIn = new LongAdder();
  private final LongAdder bytesOut = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final Map<String, List<Attempt>> attempts = new ConcurrentHashMap<>();

  /// One request that came for a prompt.
  ///
  /// @param nanoTime when it had arrived, by System.nanoTime
  public record Attempt(SimulatedProvider provider, String model, long nanoTime) {}

  Books() {}

  /// The book of one model; an empty one if it was never asked. Beyond 20,000 models the others
  /// share one book, named `other`.
  public ModelBook model(SimulatedProvider provider, String model) {
    String key = provider.key() + "/" + model;
    ModelBook known = models.get(key);
    if (known != null) {
      return known;
    }
    String kept = models.size() < KEPT_MODELS ? key : "other";
    return models.computeIfAbsent(kept, _ -> new ModelBook());
  }

  /// All books by `provider/model`.
  public Map<String, ModelBook> models() {
    return new TreeMap<>(models);
  }

  /// Requests that reached a script, of all models.
  public long requests() {
    return sum(models.values());
  }

  private static long sum(Collection<ModelBook> books) {
    return books.stream().mapToLong(ModelBook::requests).sum();
  }

  /// Requests refused before any script: path, key, body.
  public long refused() {
    return refused.sum();
  }

  /// Replies begun and not ended.
  public long openStreams() {
    return open.sum();
  }

  public long openConnections() {
    return connections.sum();
  }

  /// Connections accepted since the start.
  public long acceptedConnections() {
    return accepted.sum();
  }

  /// Replies whose client went away before their end.
  public long cancelled() {
    return cancelled.sum();
  }

  /// Bytes of requests' bodies.
  public long bytesIn() {
    return bytesIn.sum();
  }

  /// Bytes of replies' bodies, before framing.
  public long bytesOut() {
    return bytesOut.sum();
  }

  /// The last cancellations, oldest first; 4096 are kept.
  public List<Cancellation> cancellations() {
    synchronized (cancellations) {
      return new ArrayList<>(cancellations);
    }
  }

  void cancelled(Cancellation cancellation) {
    cancelled.increment();
    synchronized (cancellations) {
      if (cancellations.size() == KEPT_CANCELLATIONS) {
        cancellations.removeFirst();
      }
      cancellations.addLast(cancellation);
    }
  }

  /// The attempts at answering a prompt, the text of a request's last message of the user's, in the
  /// order of their arrival, where the settings say that they are kept.
  public List<Attempt> attempts(String prompt) {
    List<Attempt> known = attempts.get(Prompt.hash(prompt));
    return known == null ? List.of() : List.copyOf(known);
  }

  /// How many attempts each prompt took, by its hash; 20,000 prompts are kept.
  public Map<String, Integer> attempts() {
    Map<String, Integer> counts = new TreeMap<>();
    attempts.forEach((hash, list) -> counts.put(hash, list.size()));
    return counts;
  }

  void attempted(String hash, SimulatedProvider provider, String model) {
    if (attempts.size() < KEPT_PROMPTS || attempts.containsKey(hash)) {
      attempts
          .computeIfAbsent(hash, _ -> new CopyOnWriteArrayList<>())
          .add(new Attempt(provider, model, System.nanoTime()));
    }
  }

  void refusedOne() {
    refused.increment();
  }

  void opened() {
    open.increment();
  }

  void closed() {
    open.decrement();
  }

  void connected() {
    accepted.increment();
    connections.increment();
  }

  void disconnected() {
    connections.decrement();
  }

  void received(long bytes) {
    bytesIn.add(bytes);
  }

  void wrote(long bytes) {
    bytesOut.add(bytes);
  }
}
