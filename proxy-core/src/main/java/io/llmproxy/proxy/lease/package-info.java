/// Parts of what many proxies share, and who lends them.
@NullMarked
package io.llmproxy.proxy.lease;

import org.jspecify.annotations.NullMarked;
