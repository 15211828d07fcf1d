/// What every wire format shares: dialects, operations, usage, errors, and how a reply is read.
@NullMarked
package io.llmproxy.provider.wire;

import org.jspecify.annotations.NullMarked;
