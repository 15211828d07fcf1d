/// The providers' APIs: what each answers, and how a caller's request is put to it.
@NullMarked
package io.llmproxy.provider.api;

import org.jspecify.annotations.NullMarked;
