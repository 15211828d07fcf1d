/// 9 What happened: the request log, counters, histograms.
@NullMarked
package io.llmproxy.proxy.observe;

import org.jspecify.annotations.NullMarked;
