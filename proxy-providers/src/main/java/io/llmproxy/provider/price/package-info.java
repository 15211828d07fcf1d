/// What a token costs: the table of prices, and the cost of one exchange's usage in nano-dollars.
@NullMarked
package io.llmproxy.provider.price;

import org.jspecify.annotations.NullMarked;
