package io.llmproxy.bench.micro;

import io.llmproxy.proxy.auth.KeyTable;
import io.llmproxy.proxy.auth.Principal;
import io.llmproxy.proxy.config.BudgetSettings;
import io.llmproxy.proxy.config.KeyHash;
import io.llmproxy.proxy.config.KeySettings;
import io.llmproxy.proxy.config.RateSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// What it costs to find whose key has a hash, among many keys, each as likely as any other.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, then calls setUp
public class KeysBench {

  private static final long SEED = 20_261_123;

  @Param({"1000", "1000000"})
  public int keys;

  private KeyTable table;
  private KeyHash[] hashes;
  private int next;

  @Setup
  public void setUp() {
    SplittableRandom random = new SplittableRandom(SEED);
    List<KeySettings> settings = new ArrayList<>(keys);
    hashes = new KeyHash[keys];
    for (int i = 0; i < keys; i++) {
      hashes[i] =
          new KeyHash(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
      settings.add(
          new KeySettings(
              "key-" + i, hashes[i], List.of(), RateSettings.NONE, BudgetSettings.NONE, null));
    }
    table = new KeyTable(settings);
  }

  /// Whose the next key is; the order is one that no cache foresees.
  @Benchmark
  public @Nullable Principal find() {
    next = (int) ((next + 0x9E3779B1L) % keys);
    KeyHash hash = hashes[next];
    return table.find(hash.first(), hash.second(), hash.third(), hash.fourth());
  }

  /// What `keys` keys take in the table.
  static long bytes(int keys) {
    KeysBench bench = new KeysBench();
    bench.keys = keys;
    bench.setUp();
    return bench.table.bytes();
  }
}
