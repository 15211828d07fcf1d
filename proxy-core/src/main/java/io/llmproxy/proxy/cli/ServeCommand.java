package io.llmproxy.proxy.cli;

import io.llmproxy.proxy.Proxy;
import io.llmproxy.proxy.config.AddressSyntax;
import io.llmproxy.proxy.config.Settings;
import io.llmproxy.proxy.config.Settings.Address;
import io.llmproxy.proxy.ledger.LedgerException;
import io.llmproxy.proxy.observe.Logging;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// `serve`: runs the proxy until the process is told to end, then drains it.
@Command(
    name = "serve",
    description = {
      "Runs the proxy.",
      "Once it can answer it prints one line to standard output:",
      "  llmproxy ready http://HOST:PORT admin http://HOST:PORT",
      "SIGTERM and SIGINT let requests under way finish, for as long as shutdown.drain says; then"
          + " the exit status is 0."
    })
final class ServeCommand implements Callable<Integer> {
  private final Terminal terminal;
  private final CountDownLatch told = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  @Mixin private final ConfigurationOption configuration = new ConfigurationOption();

  @Option(
      names = "--listen",
      paramLabel = "ADDR",
      converter = AddressConverter.class,
      description = "HOST:PORT or :PORT, in place of listen_addr; port 0 takes a free one.")
  private @Nullable Address listen;

  ServeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Settings settings = configuration.settings(terminal, listen);
    if (settings == null) {
      return ExitStatus.CONFIGURATION;
    }
    try {
      Logging logging = Logging.configure(settings.logging());
      try (Proxy proxy = Proxy.start(settings, logging)) {
        serve(proxy, settings);
      } finally {
        logging.stop();
      }
    } catch (LedgerException e) {
      terminal.err().println("llmproxy: ledger: " + e.getMessage());
      terminal.err().flush();
      return ExitStatus.CONFIGURATION;
    } catch (IOException e) {
      terminal.err().println("llmproxy: " + e.getMessage());
      terminal.err().flush();
      return ExitStatus.FAILURE;
    } finally {
      ended.countDown();
    }
    return ExitStatus.SUCCESS;
  }

  private void serve(Proxy proxy, Settings settings) {
    Thread hook = new Thread(this::endProcess, "llmproxy-end");
    Runtime.getRuntime().addShutdownHook(hook);
    terminal.out().println(readyLine(proxy, settings));
    terminal.out().flush();
    boolean bySignal = awaitEnd();
    terminal.err().println("llmproxy: draining, at most " + settings.drain().toSeconds() + " s");
    terminal.err().flush();
    proxy.drain(settings.drain());
    if (!bySignal) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }

  static String readyLine(Proxy proxy, Settings settings) {
    String scheme = settings.tls() == null ? "http" : "https";
    return "llmproxy ready %s://%s admin http://%s"
        .formatted(
            scheme,
            shown(settings.listen(), proxy.address()),
            shown(settings.admin().listen(), proxy.adminAddress()));
  }

  /// The host as asked for, with the port that was really taken.
  private static String shown(Address asked, InetSocketAddress bound) {
    return AddressSyntax.shown(new Address(asked.host(), bound.getPort()));
  }

  /// Whether a signal ended the wait; otherwise this thread was interrupted.
  private boolean awaitEnd() {
    try {
      told.await();
      return true;
    } catch (InterruptedException _) {
      return false;
    }
  }

  /// The JVM's own end of a signalled process is status 143 or 130, whatever its hooks did; an end
  /// after a drain is no failure, so the last hook halts with 0.
  private void endProcess() {
    told.countDown();
    try {
      ended.await();
    } catch (InterruptedException _) {
      Runtime.getRuntime().halt(ExitStatus.FAILURE);
    }
    Runtime.getRuntime().halt(ExitStatus.SUCCESS);
  }

  /// Reads `--listen`.
  static final class AddressConverter implements ITypeConverter<Address> {
    @Override
    public Address convert(String text) {
      Address address = AddressSyntax.read(text);
      if (address == null) {
        throw new TypeConversionException("expected: HOST:PORT, [IPV6]:PORT or :PORT");
      }
      return address;
    }
  }
}
