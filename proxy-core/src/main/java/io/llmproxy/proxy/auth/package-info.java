/// Who asks: client keys, tokens of an issuer, addresses. Plain Java; knows no HTTP.
@NullMarked
package io.llmproxy.proxy.auth;

import org.jspecify.annotations.NullMarked;
