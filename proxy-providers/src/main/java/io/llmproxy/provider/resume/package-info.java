/// A stream that broke, continued by another that agrees with it: what was delivered is known, and
/// of the new stream only what goes beyond it is given on.
@NullMarked
package io.llmproxy.provider.resume;

import org.jspecify.annotations.NullMarked;
