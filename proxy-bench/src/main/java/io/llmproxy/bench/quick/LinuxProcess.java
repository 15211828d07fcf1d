package io.llmproxy.bench.quick;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.llmproxy.bench.quick.ProcText.ThreadTime;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A running process and its descendants, as `/proc` shows them.
record LinuxProcess(ProcessHandle handle) {

  /// Memory in KiB: all that is resident, and the part that no file backs.
  record Memory(long residentKib, long anonymousKib) {}

  /// CPU time used so far, summed over the tree.
  CpuReading cpu() throws IOException {
    return cpu(tree());
  }

  /// CPU time used so far by this process without its descendants.
  CpuReading cpuAlone() throws IOException {
    return cpu(List.of(handle.pid()));
  }

  private static CpuReading cpu(List<Long> pids) throws IOException {
    Map<Long, Long> threads = new HashMap<>();
    long ticks = 0;
    long wait = 0;
    for (long pid : pids) {
      try {
        ticks += ProcText.processTickNanos(read(proc(pid, "stat")));
        wait += readThreads(pid, threads);
      } catch (NoSuchFileException _) {
        // Ended between being listed and being read: its parent's figures tell.
      }
    }
    return new CpuReading(threads, ticks, wait);
  }

  /// Adds each thread's time on a core; gives what they have waited.
  private static long readThreads(long pid, Map<Long, Long> threads) throws IOException {
    long wait = 0;
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(proc(pid, "task"))) {
      for (Path task : tasks) {
        long id = Long.parseLong(task.getFileName().toString());
        try {
          ThreadTime time = ProcText.thread(read(task.resolve("schedstat")));
          threads.put(id, time.runNanos());
          wait += time.waitNanos();
        } catch (NoSuchFileException _) {
          // A thread that has just ended; CpuReading falls back to ticks when it mattered.
        }
      }
    }
    return wait;
  }

  Memory memory() throws IOException {
    long resident = 0;
    long anonymous = 0;
    for (long pid : tree()) {
      String status = read(proc(pid, "status"));
      resident += ProcText.statusKib(status, "VmRSS");
      anonymous += ProcText.statusKib(status, "RssAnon");
    }
    return new Memory(resident, anonymous);
  }

  /// How a core of the machine has been used.
  static ProcText.CoreTime core(int cpu) throws IOException {
    return ProcText.core(read(Path.of("/proc/stat")), cpu);
  }

  private List<Long> tree() {
    return Stream.concat(Stream.of(handle), handle.descendants()).map(ProcessHandle::pid).toList();
  }

  private static Path proc(long pid, String file) {
    return Path.of("/proc", Long.toString(pid), file);
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, ISO_8859_1);
  }
}
