/// What both sides of HTTP share: heads, header names, the reply writer, HTTP/1.1 heads and chunks.
@NullMarked
package io.llmproxy.proxy.http;

import org.jspecify.annotations.NullMarked;
