/// 5 What it may cost.
@NullMarked
package io.llmproxy.proxy.budget;

import org.jspecify.annotations.NullMarked;
