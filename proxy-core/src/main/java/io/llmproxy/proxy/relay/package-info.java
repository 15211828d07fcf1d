/// 8 The bytes, both ways, under back-pressure.
@NullMarked
package io.llmproxy.proxy.relay;

import org.jspecify.annotations.NullMarked;
