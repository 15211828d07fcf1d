package io.llmproxy.provider.api;

import io.llmproxy.provider.request.ChatQuirks;
import io.llmproxy.provider.translate.MessagesModel;

/// A model as its provider knows it, with all that its name tells. Immutable; made once for a
/// target, since reading names costs more than a request may.
public final class ProviderModel {

  private final ProviderApi api;
  private final String name;
  private final ChatQuirks quirks;
  private final MessagesModel messages;

  private ProviderModel(ProviderApi api, String name, MessagesModel messages) {
    this.api = api;
    this.name = name;
    this.quirks = api.quirks(name);
    this.messages = messages;
  }

  public static ProviderModel of(ProviderApi api, String name) {
    return new ProviderModel(api, name, MessagesModel.of(name));
  }

  public ProviderApi api() {
    return api;
  }

  /// Its name at the provider.
  public String name() {
    return name;
  }

  ChatQuirks quirks() {
    return quirks;
  }

  MessagesModel messages() {
    return messages;
  }
}
