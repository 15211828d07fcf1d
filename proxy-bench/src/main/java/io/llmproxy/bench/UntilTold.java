package io.llmproxy.bench;

import io.llmproxy.proxy.cli.ExitStatus;
import java.util.concurrent.CountDownLatch;

/// Waits for SIGTERM or SIGINT, lets what runs be closed, and ends the process with status 0.
public final class UntilTold {

  private final CountDownLatch told = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::end, "end");

  /// From here on a signal makes [#await] return.
  public UntilTold() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// Returns when the process is told to end, or this thread is interrupted.
  public void await() {
    try {
      told.await();
    } catch (InterruptedException _) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }

  /// Says that everything is closed: the process may end.
  public void closed() {
    closed.countDown();
  }

  /// The JVM gives a signalled process the status 143 or 130, so its last hook halts with 0.
  private void end() {
    told.countDown();
    try {
      closed.await();
    } catch (InterruptedException _) {
      Runtime.getRuntime().halt(ExitStatus.FAILURE);
    }
    Runtime.getRuntime().halt(ExitStatus.SUCCESS);
  }
}
