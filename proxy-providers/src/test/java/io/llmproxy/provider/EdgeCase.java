package io.llmproxy.provider;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The numbers of the cases in `docs/edge-cases.md` that a test proves.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface EdgeCase {
  int[] value();
}
