package io.llmproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The arrows between the packages of proxy-core, as data: what is drawn here is what there is.
final class CoreArchitectureTest {

  private static final String ROOT = "io.llmproxy.proxy";

  /// The drawing, also in docs/architecture.md. `.` is the root package: Main and Proxy.
  private static final Map<String, Set<String>> DRAWN =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(
                  ".",
                  Set.of(
                      "admin",
                      "admission",
                      "budget",
                      "auth",
                      "cli",
                      "cluster",
                      "config",
                      "exchange",
                      "failure",
                      "http",
                      "ledger",
                      "listen",
                      "observe",
                      "route",
                      "upstream")),
              Map.entry("cli", Set.of(".", "auth", "config", "ledger", "observe", "route")),
              Map.entry("listen", Set.of("config", "exchange", "failure", "http")),
              Map.entry(
                  "exchange",
                  Set.of(
                      "admission",
                      "auth",
                      "budget",
                      "config",
                      "failure",
                      "http",
                      "ledger",
                      "limit",
                      "observe",
                      "relay",
                      "route",
                      "upstream")),
              Map.entry(
                  "admission",
                  Set.of("budget", "cluster", "config", "ledger", "lease", "limit", "route")),
              Map.entry("cluster", Set.of("budget", "config", "lease")),
              Map.entry("limit", Set.of("config", "lease")),
              Map.entry("budget", Set.of("lease")),
              Map.entry("lease", Set.of()),
              Map.entry("relay", Set.of("http", "upstream")),
              Map.entry("upstream", Set.of("config", "failure", "http")),
              Map.entry("auth", Set.of("config", "failure")),
              Map.entry("route", Set.of("config")),
              Map.entry("ledger", Set.of("config")),
              Map.entry("admin", Set.of("config", "observe")),
              Map.entry("observe", Set.of("config")),
              Map.entry("http", Set.of("config")),
              Map.entry("config", Set.of()),
              Map.entry("failure", Set.of())));

  /// What policy may not touch: it is plain Java, driven in tests without a channel.
  private static final Set<String> WITHOUT_NETTY =
      Set.of(
          "admission",
          "auth",
          "budget",
          "cluster",
          "config",
          "failure",
          "ledger",
          "lease",
          "limit",
          "route");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @Test
  void theArrowsAreThoseThatAreDrawn() {
    assertThat(text(found())).as("found arrows (first) and drawn ones").isEqualTo(text(DRAWN));
  }

  @Test
  void policyDoesNotKnowNetty() {
    Set<String> touches = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      if (WITHOUT_NETTY.contains(place(type))) {
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
          if (dependency.getTargetClass().getPackageName().startsWith("io.netty")) {
            touches.add(dependency.getDescription());
          }
        }
      }
    }
    assertThat(touches).isEmpty();
  }

  private static Map<String, Set<String>> found() {
    Map<String, Set<String>> arrows = new TreeMap<>();
    for (JavaClass type : CLASSES) {
      Set<String> from = arrows.computeIfAbsent(place(type), _ -> new TreeSet<>());
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass();
        boolean ours =
            target.getPackageName().equals(ROOT) || target.getPackageName().startsWith(ROOT + ".");
        if (ours && !place(target).equals(place(type))) {
          from.add(place(target));
        }
      }
    }
    return arrows;
  }

  private static String place(JavaClass type) {
    String name = type.getPackageName();
    return name.equals(ROOT) ? "." : name.substring(ROOT.length() + 1);
  }

  private static String text(Map<String, Set<String>> arrows) {
    StringBuilder text = new StringBuilder();
    arrows.forEach((from, to) ->
        text.append(from)
            .append(" -> ")
            .append(Arrays.toString(new TreeSet<>(to).toArray()))
            .append('\n'));
    return text.toString();
  }
}
