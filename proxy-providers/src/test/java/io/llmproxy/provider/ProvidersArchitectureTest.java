package io.llmproxy.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The arrows between the packages of this module, and what it may use from outside.
final class ProvidersArchitectureTest {
  private static final String ROOT = "io.llmproxy.provider";

  /// package -> packages it may use.
  private static final Map<String, Set<String>> DRAWN =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(
                  "translate",
                  Set.of("openai", "anthropic", "sse", "json", "usage", "wire", "request")),
              Map.entry(
                  "api", Set.of("translate", "openai", "glm", "groq", "grok", "request", "wire")),
              Map.entry("request", Set.of("json", "wire")),
              Map.entry("openai", Set.of("sse", "json", "usage", "wire", "request")),
              Map.entry("anthropic", Set.of("sse", "json", "usage", "wire")),
              Map.entry("glm", Set.of("json", "wire", "request")),
              Map.entry("groq", Set.of("json", "request")),
              Map.entry("grok", Set.of("json", "request")),
              Map.entry("usage", Set.of("json", "wire")),
              Map.entry("price", Set.of("wire")),
              Map.entry("resume", Set.of("sse", "wire")),
              Map.entry("sse", Set.of("wire")),
              Map.entry("json", Set.of("wire")),
              Map.entry("wire", Set.of())));

  /// package -> library that it alone may use.
  private static final Map<String, String> LIBRARY_OF = Map.of("glm", "com.auth0.jwt");

  private static final List<String> LIBRARIES =
      List.of(
          "java.lang",
          "java.util",
          "java.math",
          "java.security",
          "java.time",
          "java.nio.charset",
          "io.netty.buffer",
          "io.netty.util",
          "com.fasterxml.jackson.core",
          "org.jspecify.annotations");

  /// Types of packages that are otherwise closed: what Jackson throws, and what views of arrays
  /// need.
  private static final Set<String> TYPES =
      Set.of(
          "java.io.IOException",
          "java.io.UncheckedIOException",
          "java.io.Closeable",
          "java.io.InputStream",
          "java.io.OutputStream",
          "java.io.Writer",
          "java.nio.ByteBuffer",
          "java.nio.ByteOrder");

  /// No threads, clock, logger or way out of the process, though their packages are open.
  private static final Set<String> CLOSED =
      Set.of(
          "java.lang.Thread",
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.Runtime",
          "java.time.Clock",
          "java.util.Timer",
          "java.util.concurrent.Executor",
          "java.util.concurrent.ExecutorService",
          "java.util.concurrent.Executors",
          "java.util.concurrent.CompletableFuture");

  private static final List<String> CLOSED_PACKAGES =
      List.of("java.util.logging", "java.util.prefs", "io.netty.util.internal.logging");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void hasOnlyTheArrowsThatAreDrawn() {
    Map<String, Set<String>> found = found();
    Map<String, Set<String>> undrawn = new TreeMap<>();
    found.forEach((from, targets) -> {
      Set<String> more = new TreeSet<>(targets);
      more.removeAll(DRAWN.getOrDefault(from, Set.of()));
      if (!more.isEmpty() || !DRAWN.containsKey(from)) {
        undrawn.put(from, more);
      }
    });
    assertThat(undrawn).as("undrawn arrows%n  drawn: %s%n  found: %s", DRAWN, found).isEmpty();
  }

  @Test
  void findsArrowsAtAll() {
    assertThat(found()).containsKeys("json", "request", "wire");
    assertThat(found().get("request")).contains("json", "wire");
  }

  @Test
  void drawsNoCircle() {
    Map<String, Set<String>> left = new TreeMap<>(DRAWN);
    while (left.entrySet()
        .removeIf(entry -> entry.getValue().stream().noneMatch(left::containsKey))) {
      assertThat(left.size()).isLessThan(DRAWN.size());
    }
    assertThat(left).isEmpty();
  }

  @Test
  void usesOnlyTheListedLibraries() {
    Set<String> others = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (!isAllowed(target) && !isAllowedIn(packageOf(type), target)) {
          others.add(type.getName() + " -> " + target.getName());
        }
      }
    }
    assertThat(others).isEmpty();
  }

  private static boolean isAllowed(JavaClass type) {
    String name = type.getName();
    if (type.isPrimitive() || isWithin(ROOT, name) || TYPES.contains(name)) {
      return true;
    }
    return LIBRARIES.stream().anyMatch(library -> isWithin(library, name))
        && CLOSED_PACKAGES.stream().noneMatch(library -> isWithin(library, name))
        && !CLOSED.contains(name);
  }

  private static boolean isAllowedIn(String from, JavaClass type) {
    String library = LIBRARY_OF.get(from);
    return library != null && isWithin(library, type.getName());
  }

  private static boolean isWithin(String container, String name) {
    return name.startsWith(container + ".");
  }

  private static Map<String, Set<String>> found() {
    Map<String, Set<String>> arrows = new TreeMap<>();
    for (JavaClass type : CLASSES) {
      String from = packageOf(type);
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (isWithin(ROOT, target.getName()) && !packageOf(target).equals(from)) {
          arrows.computeIfAbsent(from, _ -> new TreeSet<>()).add(packageOf(target));
        }
      }
      arrows.computeIfAbsent(from, _ -> new TreeSet<>());
    }
    // The root holds nothing but its description.
    arrows.remove("");
    return arrows;
  }

  private static String packageOf(JavaClass type) {
    String name = type.getPackageName();
    return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
  }
}
