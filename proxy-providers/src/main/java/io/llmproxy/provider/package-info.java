/// Wire formats of LLM APIs as pure functions on bytes.
@org.jspecify.annotations.NullMarked
package io.llmproxy.provider;
