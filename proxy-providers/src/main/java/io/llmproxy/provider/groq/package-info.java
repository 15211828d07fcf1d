/// Groq: what it takes otherwise than Chat Completions says.
@NullMarked
package io.llmproxy.provider.groq;

import org.jspecify.annotations.NullMarked;
