/// Anthropic Messages: a reply's usage, content, end and errors.
@NullMarked
package io.llmproxy.provider.anthropic;

import org.jspecify.annotations.NullMarked;
