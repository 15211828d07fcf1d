/// 2 One request and its reply: phases and deadlines; calls the stages that follow in order.
@NullMarked
package io.llmproxy.proxy.exchange;

import org.jspecify.annotations.NullMarked;
