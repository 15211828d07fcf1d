/// Settings as records: parse, check, explain.
@NullMarked
package io.llmproxy.proxy.config;

import org.jspecify.annotations.NullMarked;
