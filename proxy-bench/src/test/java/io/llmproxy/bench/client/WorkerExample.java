package io.llmproxy.bench.client;

import io.llmproxy.client.ChatEvent;
import io.llmproxy.client.ChatRequest;
import io.llmproxy.client.ChatStream;
import io.llmproxy.client.LlmClient;
import io.llmproxy.client.LlmException;
import io.llmproxy.client.Resume;
import java.time.Duration;

/// A worker that asks one of two proxies, as the README shows it.
final class WorkerExample {

  private WorkerExample() {}

  static String ask(String firstProxy, String secondProxy, String model) {
    try (LlmClient client =
            LlmClient.builder()
                .endpoint(firstProxy)
                .endpoint(secondProxy)
                .deadline(Duration.ofSeconds(30))
                .resume(Resume.AGREED_PREFIX)
                .build();
        ChatStream stream =
            client.chat().stream(
                ChatRequest.builder().model(model).user("Where is Paris?").build())) {
      StringBuilder answer = new StringBuilder();
      for (ChatEvent event : stream) {
        switch (event) {
          case ChatEvent.Text text -> answer.append(text.text());
          case ChatEvent.UsageTold told -> System.out.println(told.usage().totalOutput());
          default -> {}
        }
      }
      return answer.toString();
    } catch (LlmException e) {
      return e.fault() + ": " + e.getMessage() + " " + e.advice();
    }
  }
}
