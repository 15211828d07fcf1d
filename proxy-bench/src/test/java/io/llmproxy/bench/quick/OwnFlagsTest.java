package io.llmproxy.bench.quick;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnFlagsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-agentlib:jdwp=transport=dt_socket",
        "-javaagent:/x.jar",
        "-XX:+AutoCreateSharedArchive",
        "-XX:SharedArchiveFile=/x.jsa",
        "-XX:AOTCache=/x.aot"
      })
  void keepsFlagsOfOneProcessToItself(String flag) {
    assertThat(OwnFlags.serves(flag)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xmx512m", "-XX:+UseSerialGC", "-Dio.netty.jfr.enabled=false"})
  void handsOnWhatShapesTheProxy(String flag) {
    assertThat(OwnFlags.serves(flag)).isTrue();
  }
}
