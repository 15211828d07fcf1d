package io.llmproxy.proxy.cli;

import io.llmproxy.proxy.ledger.Books;
import io.llmproxy.proxy.ledger.Books.By;
import io.llmproxy.proxy.ledger.Books.Span;
import io.llmproxy.proxy.ledger.LedgerException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// `ledger report`: usage and cost, by what they are told apart by.
@Command(
    name = "report",
    description = {
      "Reports usage and cost by provider, model, key or day of UTC.",
      "JSON has them all, in the shape of the admin port's /usage; table and CSV have one."
    })
final class LedgerReportCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "DIR", description = "The directory of the ledger.")
  private Path dir = Path.of(".");

  @Option(
      names = "--by",
      paramLabel = "WHAT",
      converter = Lower.OfBy.class,
      description = "provider (the default), model, key or day.")
  private By by = By.PROVIDER;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      converter = Lower.OfFormat.class,
      description = "table (the default), csv or json.")
  private LedgerReport.Format format = LedgerReport.Format.TABLE;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      converter = Time.class,
      description = "From this day or instant of UTC on, as 2026-11-01 or 2026-11-01T12:00:00Z.")
  private @Nullable Instant from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      converter = Time.class,
      description = "Until before it.")
  private @Nullable Instant to;

  LedgerReportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Span span =
        new Span(
            from == null ? Long.MIN_VALUE : from.toEpochMilli(),
            to == null ? Long.MAX_VALUE : to.toEpochMilli());
    try (Books books = Books.open(dir)) {
      terminal.out().print(LedgerReport.of(books, span, by, format));
      terminal.out().flush();
      return ExitStatus.SUCCESS;
    } catch (LedgerException e) {
      terminal.err().println("llmproxy: " + e.getMessage());
      terminal.err().flush();
      return ExitStatus.FAILURE;
    }
  }

  /// A day of UTC, or an instant.
  static final class Time implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      try {
        return text.contains("T")
            ? Instant.parse(text)
            : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      } catch (DateTimeException _) {
        throw new TypeConversionException(
            "'"
                + text
                + "' (expected: a day as 2026-11-01, or an instant as 2026-11-01T12:00:00Z)");
      }
    }
  }

  /// Constants, written in lower case.
  static final class Lower {
    private Lower() {}

    static final class OfBy implements ITypeConverter<By> {
      @Override
      public By convert(String text) {
        return constant(By.class, text);
      }
    }

    static final class OfFormat implements ITypeConverter<LedgerReport.Format> {
      @Override
      public LedgerReport.Format convert(String text) {
        return constant(LedgerReport.Format.class, text);
      }
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String text) {
      StringBuilder expected = new StringBuilder();
      for (E constant : type.getEnumConstants()) {
        String word = constant.name().toLowerCase(Locale.ROOT);
        if (word.equals(text)) {
          return constant;
        }
        expected.append(expected.isEmpty() ? "" : ", ").append(word);
      }
      throw new TypeConversionException("'" + text + "' (expected: " + expected + ")");
    }
  }
}
