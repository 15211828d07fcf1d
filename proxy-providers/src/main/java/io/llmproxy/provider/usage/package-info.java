/// The usage object of each dialect, read into one form, and what stands beside it on the price.
@NullMarked
package io.llmproxy.provider.usage;

import org.jspecify.annotations.NullMarked;
