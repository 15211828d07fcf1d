/// 3 to 5 in one: whether a request may go, by all limits and all budgets at once, and what becomes
/// of what was set aside for it.
@NullMarked
package io.llmproxy.proxy.admission;

import org.jspecify.annotations.NullMarked;
