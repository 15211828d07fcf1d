/// The proxy: [Main] starts it, and it alone assembles the parts.
@org.jspecify.annotations.NullMarked
package io.llmproxy.proxy;
