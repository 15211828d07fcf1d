package io.llmproxy.client;

import io.netty.buffer.ByteBuf;
import java.util.Map;

/// What is told of the reply to one request, on the client's event loop: a head, parts, and either
/// an end or a loss. Nothing after that, and nothing after the request was cancelled.
interface ReplyListener {

  /// Why a reply did not come, or not to its end.
  ///
  /// @param unseen whether the peer certainly did nothing with the request
  record Lost(String why, boolean unseen) {}

  /// The reply begins.
  ///
  /// @param fields by their names in lower case, the last of each
  void onHead(int status, Map<String, String> fields);

  /// Takes `part`, the next bytes of the body.
  void onPart(ByteBuf part);

  /// The reply is at its end.
  ///
  /// @param trailers as the fields of the head
  void onEnd(Map<String, String> trailers);

  void onLost(Lost lost);
}
