/// The table of what follows a reply, and the translators between dialects.
@NullMarked
package io.llmproxy.provider.translate;

import org.jspecify.annotations.NullMarked;
