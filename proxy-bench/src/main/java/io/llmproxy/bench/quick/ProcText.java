package io.llmproxy.bench.quick;

/// Reads figures out of the text of Linux's `/proc` files.
final class ProcText {

  /// Ticks per second of `/proc/*/stat`: USER_HZ, 100 on every architecture the JVM runs on.
  static final long TICK_NANOS = 10_000_000L;

  private static final int UTIME_FIELD = 14;
  private static final int STEAL_FIELD = 8;

  private ProcText() {}

  /// User and system time of `/proc/PID/stat`, in nanoseconds, as exact as ticks are. The command
  /// name may hold spaces and brackets, so fields are counted from the last bracket.
  static long processTickNanos(String stat) {
    int nameEnd = stat.lastIndexOf(')');
    if (nameEnd < 0) {
      throw new IllegalArgumentException("stat: " + stat + " (expected: a name in brackets)");
    }
    String[] fields = stat.substring(nameEnd + 2).split(" ", -1);
    // After the name comes field 3.
    long user = Long.parseLong(fields[UTIME_FIELD - 3]);
    long system = Long.parseLong(fields[UTIME_FIELD - 2]);
    return (user + system) * TICK_NANOS;
  }

  /// Time a thread had a core, and time it was ready but had to wait for one.
  record ThreadTime(long runNanos, long waitNanos) {}

  /// Reads `/proc/PID/task/TID/schedstat`.
  static ThreadTime thread(String schedstat) {
    String[] fields = schedstat.strip().split(" ", -1);
    return new ThreadTime(Long.parseLong(fields[0]), Long.parseLong(fields[1]));
  }

  /// How one core of `/proc/stat` has been used since the machine started.
  record CoreTime(long busyNanos, long stolenNanos) {}

  static CoreTime core(String stat, int cpu) {
    String name = "cpu" + cpu + " ";
    String line =
        stat.lines()
            .filter(each -> each.startsWith(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("cpu: " + cpu + " (expected: a core)"));
    String[] fields = line.split(" +", -1);
    long busy = 0;
    // 1 user, 2 nice, 3 system, 4 idle, 5 iowait, 6 irq, 7 softirq, 8 steal.
    for (int i : new int[] {1, 2, 3, 6, 7}) {
      busy += Long.parseLong(fields[i]);
    }
    return new CoreTime(busy * TICK_NANOS, Long.parseLong(fields[STEAL_FIELD]) * TICK_NANOS);
  }

  /// A size of `/proc/PID/status` in KiB, such as `VmRSS`; 0 where there is none.
  static long statusKib(String status, String name) {
    return status
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .findFirst()
        .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .orElse(0L);
  }
}
