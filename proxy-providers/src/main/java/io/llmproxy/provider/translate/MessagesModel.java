package io.llmproxy.provider.translate;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a model behind Anthropic Messages can be asked for.
///
/// @param name as it is told to a caller whose request is refused
/// @param maxOutputTokens the most it gives, asked for where the caller names no limit
/// @param anthropicVersion the `anthropic-version` it is asked in
/// @param samplingAllowed whether it takes `temperature`, `top_p` and `top_k`; no model does from
///   version 2026-10-21 on
/// @param forcedToolAllowed whether `tool_choice` may force a call
/// @param nativeJsonSchema whether it keeps to a schema given as `output_config.format`
/// @param prefillAllowed whether the last message may be the beginning of its answer
/// @param thinking how its thinking is asked for
/// @param efforts what `output_config.effort` may be, the least first
public record MessagesModel(
    String name,
    int maxOutputTokens,
    String anthropicVersion,
    boolean samplingAllowed,
    boolean forcedToolAllowed,
    boolean nativeJsonSchema,
    boolean prefillAllowed,
    ThinkingMode thinking,
    List<String> efforts) {

  public static final String VERSION_2023 = "2023-06-01";
  public static final String VERSION_2026 = "2026-10-21";

  private static final List<String> ALL_EFFORTS = List.of("low", "medium", "high", "xhigh", "max");
  private static final List<String> WITHOUT_XHIGH = List.of("low", "medium", "high", "max");
  private static final List<String> UP_TO_HIGH = List.of("low", "medium", "high");

  /// A model of the fifth generation, as far as all of them agree; also one not known here.
  private static final MessagesModel FIFTH =
      new MessagesModel(
          "", 128_000, VERSION_2023, false, true, true, false, ThinkingMode.ADAPTIVE, ALL_EFFORTS);

  /// A model that thinks within a budget and leaves the rest to the caller.
  private static final MessagesModel FOURTH =
      new MessagesModel(
          "", 64_000, VERSION_2023, true, true, true, true, ThinkingMode.BUDGET, List.of());

  private static final MessagesModel THIRD =
      FOURTH.with(ThinkingMode.NONE, List.of()).withMaxOutput(4_096).withoutJsonSchema();

  private static final MessagesModel ALWAYS_THINKING = FIFTH.with(ThinkingMode.ALWAYS, ALL_EFFORTS);

  /// What a part of a model's name says.
  private static final Map<String, MessagesModel> KNOWN =
      Map.ofEntries(
          Map.entry("fable-5", ALWAYS_THINKING),
          Map.entry("fable-5-1", ALWAYS_THINKING.withoutForcedTool()),
          Map.entry("fable-5-2", ALWAYS_THINKING.withoutForcedTool()),
          Map.entry("opus-5-5", ALWAYS_THINKING.withoutForcedTool()),
          Map.entry(
              "sonnet-5-5",
              FIFTH.with(ThinkingMode.BETWEEN_TOOLS, ALL_EFFORTS).withoutForcedTool()),
          Map.entry("haiku-5-5", FIFTH),
          Map.entry("opus-5", FIFTH),
          Map.entry("sonnet-5", FIFTH),
          Map.entry("opus-4-8", FIFTH),
          Map.entry("opus-4-7", FIFTH),
          Map.entry("opus-4-6", FIFTH.with(ThinkingMode.ADAPTIVE, WITHOUT_XHIGH).withSampling()),
          Map.entry(
              "sonnet-4-6",
              FIFTH
                  .with(ThinkingMode.ADAPTIVE, WITHOUT_XHIGH)
                  .withSampling()
                  .withMaxOutput(64_000)
                  .withPrefill()),
          Map.entry("opus-4-5", FOURTH.with(ThinkingMode.BUDGET, UP_TO_HIGH)),
          Map.entry("sonnet-4-5", FOURTH),
          Map.entry("haiku-4-5", FOURTH),
          Map.entry("opus-4", FOURTH.withMaxOutput(32_000)),
          Map.entry("sonnet-4", FOURTH),
          Map.entry("4-opus", FOURTH.withMaxOutput(32_000)),
          Map.entry("4-sonnet", FOURTH),
          Map.entry("3-7-sonnet", FOURTH.withoutJsonSchema()),
          Map.entry("3-5-sonnet", THIRD.withMaxOutput(8_192)),
          Map.entry("3-5-haiku", THIRD.withMaxOutput(8_192)),
          Map.entry("claude-3", THIRD));

  public MessagesModel {
    if (maxOutputTokens < 1) {
      throw new IllegalArgumentException(
          "maxOutputTokens: " + maxOutputTokens + " (expected: 1 or more)");
    }
    samplingAllowed = samplingAllowed && anthropicVersion.equals(VERSION_2023);
    efforts = List.copyOf(efforts);
  }

  /// What is known of the model called `name`, wherever in the name its family and version stand;
  /// the longest that fits counts. One not known is taken for a new one: it thinks as it sees fit
  /// and takes no sampling parameters.
  public static MessagesModel of(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replace('.', '-');
    String best = "";
    for (String each : KNOWN.keySet()) {
      if (each.length() > best.length() && contains(plain, each)) {
        best = each;
      }
    }
    return KNOWN.getOrDefault(best, FIFTH).named(name);
  }

  /// The same model asked in another version of the API.
  public MessagesModel inVersion(String version) {
    return new MessagesModel(
        name,
        maxOutputTokens,
        version,
        samplingAllowed,
        forcedToolAllowed,
        nativeJsonSchema,
        prefillAllowed,
        thinking,
        efforts);
  }

  /// Whether `part` is in `name` and no digit goes on with it.
  private static boolean contains(String name, String part) {
    int at = name.indexOf(part);
    int end = at + part.length();
    return at >= 0 && (end == name.length() || !Character.isDigit(name.charAt(end)));
  }

  private MessagesModel named(String name) {
    return new MessagesModel(
        name,
        maxOutputTokens,
        anthropicVersion,
        samplingAllowed,
        forcedToolAllowed,
        nativeJsonSchema,
        prefillAllowed,
        thinking,
        efforts);
  }

  private MessagesModel with(ThinkingMode mode, List<String> levels) {
    return new MessagesModel(
        name,
        maxOutputTokens,
        anthropicVersion,
        samplingAllowed,
        forcedToolAllowed,
        nativeJsonSchema,
        prefillAllowed,
        mode,
        levels);
  }

  private MessagesModel withMaxOutput(int tokens) {
    return new MessagesModel(
        name,
        tokens,
        anthropicVersion,
        samplingAllowed,
        forcedToolAllowed,
        nativeJsonSchema,
        prefillAllowed,
        thinking,
        efforts);
  }

  private MessagesModel withSampling() {
    return flags(true, forcedToolAllowed, nativeJsonSchema, prefillAllowed);
  }

  private MessagesModel withoutForcedTool() {
    return flags(samplingAllowed, false, nativeJsonSchema, prefillAllowed);
  }

  private MessagesModel withoutJsonSchema() {
    return flags(samplingAllowed, forcedToolAllowed, false, prefillAllowed);
  }

  private MessagesModel withPrefill() {
    return flags(samplingAllowed, forcedToolAllowed, nativeJsonSchema, true);
  }

  private MessagesModel flags(boolean sampling, boolean forced, boolean schema, boolean prefill) {
    return new MessagesModel(
        name,
        maxOutputTokens,
        anthropicVersion,
        sampling,
        forced,
        schema,
        prefill,
        thinking,
        efforts);
  }
}
