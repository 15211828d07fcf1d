package io.llmproxy.proxy.cluster;

/// What all proxies share. For one thread; a call blocks, for a bounded time.
interface Store extends AutoCloseable {

  Reply call(Call call) throws StoreException;

  @Override
  void close();
}
