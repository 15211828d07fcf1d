package io.llmproxy.proxy.config;

import io.llmproxy.provider.price.PriceFault;
import io.llmproxy.provider.price.Prices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads `prices`: a file whose rows go before those of the table that comes with the proxy.
final class PricesReader {

  private PricesReader() {}

  static Prices read(YamlSection root) {
    Prices builtIn = Prices.builtIn();
    YamlValue value = root.get("prices");
    Path file = value == null ? null : value.readableFile();
    if (value == null || file == null) {
      return builtIn;
    }
    try {
      Prices.Reading reading = Prices.read(Files.readAllBytes(file));
      for (PriceFault fault : reading.faults()) {
        value.problem(file + ":" + fault);
      }
      return builtIn.with(reading.prices());
    } catch (IOException e) {
      value.problem(file + ": cannot be read: " + e.getMessage());
      return builtIn;
    }
  }
}
