package io.llmproxy.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/// Every case of `docs/edge-cases.md` is a test of this module, or stands here with the reason why
/// it is none.
final class EdgeCasesTest {
  private static final Path LIST = Path.of("..", "docs", "edge-cases.md");

  /// Number -> why no test of this module can prove it.
  private static final Map<Integer, String> ELSEWHERE =
      new TreeMap<>(
          Map.of(
              53, "header fields are written by proxy-core",
              54, "needs a caller that leaves: proxy-core"));

  /// Number -> the half that a test of this module cannot prove.
  private static final Map<Integer, String> HALF_ELSEWHERE =
      new TreeMap<>(
          Map.of(
              20, "the status that the caller sees is set by proxy-core",
              29, "which attempt goes to another model is known to proxy-core",
              45, "timers of idle streams are proxy-core's",
              47, "which shape arrives is told by the reply's head: proxy-core",
              48, "that no second attempt is made is proxy-core's",
              56, "the header that marks the estimate is set by proxy-core"));

  private static final JavaClasses TESTS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.OnlyIncludeTests())
          .importPackages(EdgeCasesTest.class.getPackageName());

  @Test
  void provesEveryCaseOrSaysWhyNot() throws IOException {
    Set<Integer> proved = proved();
    Set<Integer> listed = listed();

    assertThat(listed).isEqualTo(IntStream.rangeClosed(1, 56).boxed().collect(Collectors.toSet()));
    assertThat(ELSEWHERE.keySet()).as("proved here after all").doesNotContainAnyElementsOf(proved);
    assertThat(proved).as("halves").containsAll(HALF_ELSEWHERE.keySet());
    proved.addAll(ELSEWHERE.keySet());
    assertThat(proved).isEqualTo(listed);
  }

  @Test
  void marksOnlyWhatRunsAsATest() {
    List<String> others =
        marked()
            .filter(method ->
                !method.isAnnotatedWith(Test.class)
                    && !method.isAnnotatedWith(ParameterizedTest.class))
            .map(JavaMethod::getFullName)
            .toList();

    assertThat(others).isEmpty();
  }

  /// The numbers that tests bear.
  private static Set<Integer> proved() {
    return marked()
        .map(method -> method.getAnnotationOfType(EdgeCase.class).value())
        .flatMap(numbers -> Arrays.stream(numbers).boxed())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<JavaMethod> marked() {
    return TESTS.stream()
        .flatMap(type -> type.getMethods().stream())
        .filter(method -> method.isAnnotatedWith(EdgeCase.class));
  }

  /// The numbers of the list, each of which stands there once.
  private static Set<Integer> listed() throws IOException {
    Set<Integer> numbers = new TreeSet<>();
    Matcher row = Pattern.compile("(?m)^(\\d+)\\. ").matcher(Files.readString(LIST));
    while (row.find()) {
      assertThat(numbers.add(Integer.valueOf(row.group(1)))).as(row.group()).isTrue();
    }
    return numbers;
  }
}
