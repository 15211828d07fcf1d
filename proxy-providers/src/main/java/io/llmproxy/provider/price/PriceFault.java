package io.llmproxy.provider.price;

/// What is wrong with a table of prices.
///
/// @param line from 1; likewise `column`
/// @param message names the model and the field, what was found and what is expected
public record PriceFault(int line, int column, String message) {

  @Override
  public String toString() {
    return line + ":" + column + ": " + message;
  }
}
