/// Health and metrics on a listener of their own.
@NullMarked
package io.llmproxy.proxy.admin;

import org.jspecify.annotations.NullMarked;
