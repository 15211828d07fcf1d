/// 6 Where it goes: the name of a model to a plan of targets.
@NullMarked
package io.llmproxy.proxy.route;

import org.jspecify.annotations.NullMarked;
