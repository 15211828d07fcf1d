/// 7 How to get there: pools, connections, credentials.
@NullMarked
package io.llmproxy.proxy.upstream;

import org.jspecify.annotations.NullMarked;
