/// text/event-stream: where records begin and end, and what they carry.
@NullMarked
package io.llmproxy.provider.sse;

import org.jspecify.annotations.NullMarked;
