package io.llmproxy.proxy.upstream;

import io.llmproxy.provider.request.UpstreamBody;
import io.netty.util.AsciiString;
import java.util.List;

/// What is sent to a provider in one attempt.
///
/// @param fields names and values in turn, without host and length; all legal field values
/// @param body borrowed: its owner keeps it until the attempt has a reply's head or is over
public record UpstreamRequest(AsciiString path, List<AsciiString> fields, UpstreamBody body) {}
