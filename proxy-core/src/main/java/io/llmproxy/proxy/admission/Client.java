package io.llmproxy.proxy.admission;

import io.llmproxy.proxy.budget.Budget;
import io.llmproxy.proxy.limit.Scope;
import java.util.List;

/// The limits and budgets of one caller.
///
/// @param name the key's, or an address
public record Client(String name, Scope scope, List<Budget> budgets) {}
