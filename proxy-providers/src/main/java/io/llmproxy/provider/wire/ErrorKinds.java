package io.llmproxy.provider.wire;

import io.llmproxy.provider.wire.ProviderError.Kind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Tells a provider's errors apart: by the finest code they bear, then by what they say, then by
/// status.
final class ErrorKinds {
  private ErrorKinds() {}

  static Kind of(ErrorReply reply, ErrorEnvelope envelope) {
    Kind kind = ofCode(envelope.detailCode(), reply.status());
    if (kind == null) {
      kind = ofCode(envelope.code(), reply.status());
    }
    if (kind == null && envelope.type().isEmpty()) {
      kind = ofGlm(envelope.code());
    }
    if (kind == null) {
      kind = ofText(reply.status(), envelope);
    }
    if (kind == null) {
      kind = ofType(envelope.type());
    }
    return kind == null ? ofStatus(reply.status(), envelope.isJson()) : kind;
  }

  private static @Nullable Kind ofCode(String code, int status) {
    return switch (code) {
      case "context_length_exceeded", "string_above_max_length" -> Kind.CONTEXT_LENGTH;
      case "invalid_api_key", "account_deactivated" -> Kind.KEY_REJECTED;
      case "unsupported_country_region_territory", "model_not_allowed" -> Kind.PERMISSION;
      case "model_not_found", "model_decommissioned" -> Kind.MODEL_UNKNOWN;
      case "request_too_large" -> Kind.TOO_LARGE;
      // Groq says so too of a request that is larger than the limit of a minute.
      case "rate_limit_exceeded" -> status == 413 ? Kind.TOO_LARGE : Kind.RATE_LIMITED;
      case "ramp_limit_exceeded" -> Kind.RATE_LIMITED;
      case "insufficient_quota",
          "billing_not_active",
          "billing_hard_limit_reached",
          "enforced_spend_limit_reached",
          "contract_spend_limit_reached" ->
          Kind.QUOTA_SPENT;
      case "overloaded", "slow_down", "capacity_exceeded", "compaction_unavailable" ->
          Kind.OVERLOADED;
      case "content_filter", "content_policy_violation", "moderation_blocked" ->
          Kind.CONTENT_POLICY;
      case "server_error", "cmek_key_unreachable" -> Kind.SERVER_ERROR;
      default -> null;
    };
  }

  /// GLM's codes are numbers; so are those of some servers that repeat the status there.
  private static @Nullable Kind ofGlm(String code) {
    return switch (code) {
      case "1000", "1001", "1002", "1003", "1004" -> Kind.KEY_REJECTED;
      case "1110", "1111", "1112", "1121", "1220", "1309", "1311", "1313" -> Kind.PERMISSION;
      case "1113", "1308", "1310" -> Kind.QUOTA_SPENT;
      case "1211" -> Kind.MODEL_UNKNOWN;
      case "1210", "1212", "1213", "1214", "1215", "1221", "1222", "1231" -> Kind.BAD_REQUEST;
      case "1234" -> Kind.SERVER_ERROR;
      case "1261" -> Kind.CONTEXT_LENGTH;
      case "1300", "1301" -> Kind.CONTENT_POLICY;
      case "1302", "1303", "1304" -> Kind.RATE_LIMITED;
      case "1120", "1305", "1312" -> Kind.OVERLOADED;
      default -> null;
    };
  }

  private static @Nullable Kind ofType(String type) {
    return switch (type) {
      case "authentication_error" -> Kind.KEY_REJECTED;
      case "billing_error", "insufficient_quota" -> Kind.QUOTA_SPENT;
      case "permission_error" -> Kind.PERMISSION;
      case "not_found_error" -> Kind.MODEL_UNKNOWN;
      case "request_too_large" -> Kind.TOO_LARGE;
      case "rate_limit_error" -> Kind.RATE_LIMITED;
      case "timeout_error" -> Kind.TIMEOUT;
      case "overloaded_error" -> Kind.OVERLOADED;
      default -> null;
    };
  }

  /// What is said in words alone: xAI's codes are sentences, and everyone's 400 means many things.
  private static @Nullable Kind ofText(int status, ErrorEnvelope envelope) {
    String said = envelope.message().toLowerCase(Locale.ROOT);
    if (isAboutLength(said) && (status == 400 || status == 413 || status == 422)) {
      return Kind.CONTEXT_LENGTH;
    }
    if (isAboutPolicy(said) && (status == 400 || status == 403)) {
      return Kind.CONTENT_POLICY;
    }
    if (isAboutMoney(said) && status >= 400 && status < 500) {
      return Kind.QUOTA_SPENT;
    }
    if (status == 400 && (said.contains("incorrect api key") || said.contains("invalid api key"))) {
      return Kind.KEY_REJECTED;
    }
    return switch (envelope.code()) {
      case "The service is currently unavailable" -> Kind.OVERLOADED;
      case "Some resource has been exhausted" -> Kind.RATE_LIMITED;
      case "Some requested entity was not found" -> Kind.MODEL_UNKNOWN;
      case "Client specified an invalid argument" -> Kind.BAD_REQUEST;
      default -> null;
    };
  }

  private static boolean isAboutLength(String said) {
    return said.startsWith("prompt is too long")
        || said.contains("maximum context length")
        || said.contains("maximum prompt length")
        || said.contains("context_length_exceeded")
        || said.contains("context window");
  }

  private static boolean isAboutPolicy(String said) {
    return said.contains("content filtering policy")
        || said.contains("violating our usage policy")
        || said.contains("content management policy");
  }

  private static boolean isAboutMoney(String said) {
    return said.contains("credit balance is too low")
        || said.contains("used all available credits")
        || said.contains("monthly spending limit")
        || said.contains("exceeded your current quota")
        || said.contains("specified api usage limits");
  }

  private static Kind ofStatus(int status, boolean json) {
    return switch (status) {
      case 401 -> Kind.KEY_REJECTED;
      case 402 -> Kind.QUOTA_SPENT;
      case 403, 434 -> Kind.PERMISSION;
      // Not of the API itself: rather a wrong address than a wrong model.
      case 404 -> json ? Kind.MODEL_UNKNOWN : Kind.SERVER_ERROR;
      case 408, 504, 524 -> Kind.TIMEOUT;
      case 409, 499 -> Kind.SERVER_ERROR;
      case 413, 431, 435 -> Kind.TOO_LARGE;
      case 429 -> Kind.RATE_LIMITED;
      case 498, 503, 529 -> Kind.OVERLOADED;
      default -> status >= 400 && status < 500 ? Kind.BAD_REQUEST : Kind.SERVER_ERROR;
    };
  }
}
