/// JSON over buffers, without a tree: check it as it arrives, find fields, replace byte ranges.
@NullMarked
package io.llmproxy.provider.json;

import org.jspecify.annotations.NullMarked;
