/// OpenAI's dialects, which GLM, Groq and Grok speak too: a reply's usage, content, end and errors.
@NullMarked
package io.llmproxy.provider.openai;

import org.jspecify.annotations.NullMarked;
