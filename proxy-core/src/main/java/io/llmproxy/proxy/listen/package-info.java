/// 1 Accept: bind, TLS and ALPN, HTTP/1.1 and HTTP/2 bytes to exchanges, drain.
@NullMarked
package io.llmproxy.proxy.listen;

import org.jspecify.annotations.NullMarked;
