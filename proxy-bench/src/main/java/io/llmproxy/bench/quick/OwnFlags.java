package io.llmproxy.bench.quick;

import java.lang.management.ManagementFactory;
import java.util.List;

/// The flags of this JVM, which the start script gave it, for JVMs that it starts.
public final class OwnFlags {

  private OwnFlags() {}

  /// All but what serves one process only: agents, and the archive of classes that belongs to
  /// another command.
  public static List<String> ofThisJvm() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(OwnFlags::serves)
        .toList();
  }

  static boolean serves(String flag) {
    return !flag.startsWith("-agentlib")
        && !flag.startsWith("-javaagent")
        && !flag.contains("SharedArchive")
        && !flag.contains("AOTCache");
  }
}
