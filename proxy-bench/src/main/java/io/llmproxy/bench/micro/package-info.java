/// Measurements of single steps under JMH: what one event of a stream costs, and how fast the body
/// of a request goes through. [MicroCommand] runs them.
@NullMarked
package io.llmproxy.bench.micro;

import org.jspecify.annotations.NullMarked;
