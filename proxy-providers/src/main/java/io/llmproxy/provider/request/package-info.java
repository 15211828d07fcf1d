/// A caller's request body: checked as it arrives, read where the proxy must know, spliced for the
/// provider.
@NullMarked
package io.llmproxy.provider.request;

import org.jspecify.annotations.NullMarked;
