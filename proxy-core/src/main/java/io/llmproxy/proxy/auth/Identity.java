package io.llmproxy.proxy.auth;

/// What is found of who asks: a principal, or why it is none.
public sealed interface Identity permits Principal, Unknown {}
