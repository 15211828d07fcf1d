package io.llmproxy.proxy.admission;

import io.llmproxy.proxy.budget.Budget;
import io.llmproxy.proxy.limit.Scope;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The limits and budgets of one provider.
///
/// @param models the limits of those of its models that have some
/// @param maxOutputs of those of its models whose settings say how long an answer may be
record Place(
    Scope scope, Map<String, Scope> models, Map<String, Integer> maxOutputs, List<Budget> budgets) {

  @Nullable Scope model(String name) {
    return models.isEmpty() ? null : models.get(name);
  }
}
