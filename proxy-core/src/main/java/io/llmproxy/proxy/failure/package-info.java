/// Everything that can go wrong, one row each: whose fault, may another attempt follow, status and
/// code per dialect.
@NullMarked
package io.llmproxy.proxy.failure;

import org.jspecify.annotations.NullMarked;
