/// GLM: what it takes otherwise than Chat Completions says, and the token that shows who asks.
@NullMarked
package io.llmproxy.provider.glm;

import org.jspecify.annotations.NullMarked;
