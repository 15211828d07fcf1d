/// Grok: what xAI takes otherwise than Chat Completions says.
@NullMarked
package io.llmproxy.provider.grok;

import org.jspecify.annotations.NullMarked;
