package io.llmproxy.proxy.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreTest {

  @TempDir Path directory;

  /// Rows go in by so many at a time and the rest one by one: neither is left out.
  @Test
  void everyBatchIsThereInItsOrderHoweverLong() throws Exception {
    int count = 0;
    try (Store store = Store.open(directory, Store.Disk.REAL)) {
      store.begin(Scene.NOON, List.of());
      for (int size = 1; size <= 2 * Schema.TOGETHER + 1; size++) {
        List<Row> batch = new ArrayList<>();
        for (int i = 0; i < size; i++) {
          Entry entry = Scene.entry("request-" + ++count, count);
          batch.add(Row.of(RecordKind.RESERVE, store.epoch(), count, entry, null));
        }
        store.commit(batch);
      }
      assertThat(store.head().seq()).isEqualTo(count);
    }
    try (Books books = Books.open(directory)) {
      Books.Verdict verdict = books.verify();
      assertThat(verdict.mismatches()).isEmpty();
      assertThat(verdict.records()).isEqualTo(count);
      assertThat(verdict.open()).isEqualTo(count);
    }
  }
}
