/// The worker-side client: calls the proxy and survives it.
///
/// A call goes from the public types ([LlmClient], [Chats], [ChatRequest]) to a `Call`, which lives
/// on the client's event loop and makes one `Try` after another, as its `Budget` and the client's
/// `Allowance` let it. A `Try` is sent by the `Pool` of an endpoint over a `Link`; `Setbacks` tells
/// what a failed one is, and what may follow. What succeeds goes to a `Reception`: gathered
/// (`WholeReception`), or read as events (`EventReader`) and given to the subscriber as fast as it
/// asks (`EventFlow`).
@NullMarked
package io.llmproxy.client;

import org.jspecify.annotations.NullMarked;
