/// 4 How much, how many, how many at once.
@NullMarked
package io.llmproxy.proxy.limit;

import org.jspecify.annotations.NullMarked;
