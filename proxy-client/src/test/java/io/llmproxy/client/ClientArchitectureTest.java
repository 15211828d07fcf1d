package io.llmproxy.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// What this module may use: the wire formats, Netty, Jackson's core and the JDK; never the server.
final class ClientArchitectureTest {

  @Test
  void usesWhatIsDrawnAlone() {
    classes()
        .that()
        .resideInAPackage("io.llmproxy.client..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.llmproxy.client..",
            "io.llmproxy.provider.json..",
            "io.llmproxy.provider.resume..",
            "io.llmproxy.provider.sse..",
            "io.llmproxy.provider.usage..",
            "io.llmproxy.provider.wire..",
            "io.netty..",
            "com.fasterxml.jackson.core..",
            "org.jspecify.annotations..",
            "javax.net.ssl..",
            "java..")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.llmproxy.client"));
  }
}
