package io.llmproxy.proxy.observe;

import java.util.List;

/// Several observers told as one, in order.
public final class Observers {

  private Observers() {}

  public static Observer of(Observer... observers) {
    return observers.length == 1 ? observers[0] : new Composite(List.of(observers));
  }

  private record Composite(List<Observer> observers) implements Observer {

    @Override
    public void onExchangeStart() {
      for (int i = 0; i < observers.size(); i++) {
        observers.get(i).onExchangeStart();
      }
    }

    @Override
    public void onExchangeEnd(ExchangeReport report) {
      for (int i = 0; i < observers.size(); i++) {
        observers.get(i).onExchangeEnd(report);
      }
    }
  }
}
