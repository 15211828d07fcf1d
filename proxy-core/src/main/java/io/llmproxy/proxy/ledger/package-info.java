/// What was spent, on disk: reservations and how they ended.
@NullMarked
package io.llmproxy.proxy.ledger;

import org.jspecify.annotations.NullMarked;
