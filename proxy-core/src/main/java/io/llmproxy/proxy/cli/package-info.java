/// Commands: the words a user types.
@NullMarked
package io.llmproxy.proxy.cli;

import org.jspecify.annotations.NullMarked;
