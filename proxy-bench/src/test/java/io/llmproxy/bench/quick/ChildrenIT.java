package io.llmproxy.bench.quick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmproxy.bench.quick.Children.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChildrenIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static List<String> shell(String script) {
    return List.of("/bin/sh", "-c", script);
  }

  @Test
  void endsAChildAndItsOwnChildren() throws Exception {
    ProcessHandle grandchild;
    Process process;
    try (Children children = new Children()) {
      Child child = children.start("parent", shell("sleep 300 & echo started $!; wait"));
      String line = Children.awaitLine(child, "started ", SOON);
      long pid = Long.parseLong(line.substring("started ".length()));
      grandchild = ProcessHandle.of(pid).orElseThrow();
      process = child.process();
    }
    assertThat(process.isAlive()).isFalse();
    assertThat(grandchild.onExit().get(20, TimeUnit.SECONDS).isAlive()).isFalse();
  }

  @Test
  void leavesNoFilesBehind() throws Exception {
    Path directory;
    try (Children children = new Children()) {
      directory = children.directory("one");
      Files.writeString(directory.resolve("file"), "text");
    }
    assertThat(directory.getParent()).doesNotExist();
  }

  @Test
  void saysWhatAChildThatEndsTooSoonHasPrinted() throws Exception {
    try (Children children = new Children()) {
      Child child = children.start("failing", shell("echo no such option >&2; exit 3"));
      assertThatThrownBy(() -> Children.awaitLine(child, "ready", SOON))
          .isInstanceOf(IOException.class)
          .hasMessage("failing ended: no such option");
    }
  }

  @Test
  void sumsTheTimeOfAWholeTree() throws Exception {
    try (Children children = new Children()) {
      Child child =
          children.start(
              "busy",
              shell(
                  "sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo done; sleep 300'"));
      CpuReading before = child.linux().cpu();
      Children.awaitLine(child, "done", SOON);
      assertThat(before.nanosUntil(child.linux().cpu())).isGreaterThan(10_000_000L);
    }
  }
}
