package io.llmproxy.bench.quick;

import java.net.InetSocketAddress;

/// A proxy that runs and listens.
///
/// @param version as the running program itself states it
record ProxyUnderTest(String version, InetSocketAddress address, LinuxProcess process) {}
