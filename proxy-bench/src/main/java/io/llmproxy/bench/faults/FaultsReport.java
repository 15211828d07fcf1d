package io.llmproxy.bench.faults;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Writes cells as a table and what shows each [Claim] as a second one; or both as JSON.
final class FaultsReport {

  private final List<Cell> cells;

  FaultsReport(List<Cell> cells) {
    this.cells = List.copyOf(cells);
  }

  boolean isGood() {
    return cells.stream().allMatch(Cell::isGood);
  }

  void print(PrintWriter out) {
    Map<FaultCase, List<Cell>> rows = new LinkedHashMap<>();
    cells.forEach(cell -> rows.computeIfAbsent(cell.fault(), _ -> new ArrayList<>()).add(cell));
    out.printf(
        "%n%-4s %-36s %9s %9s %9s%n", "", "fault (passed/runs)", "chat", "messages", "responses");
    rows.forEach((fault, row) -> out.println(line(fault, row)));
    for (Cell cell : cells) {
      if (!cell.isGood()) {
        out.printf("%n%s %s: %s%n", cell.fault().id(), name(cell.dialect()), cell.failure());
      }
    }
    out.printf("%n%-4s %-78s %s%n", "", "claim", "shown by");
    for (Claim claim : Claim.all()) {
      out.printf("%-4s %-78s %s%n", claim.id(), claim.statement(), shownBy(claim));
    }
    long failed = cells.stream().filter(cell -> !cell.isGood()).count();
    out.printf("%n%d of %d cells passed%n", cells.size() - failed, cells.size());
    out.flush();
  }

  private static String line(FaultCase fault, List<Cell> row) {
    StringBuilder line = new StringBuilder("%-4s %-36s".formatted(fault.id(), fault.name()));
    for (Cell cell : row) {
      line.append(" %9s".formatted(cell.passed() + "/" + cell.runs()));
    }
    return line.toString();
  }

  private String shownBy(Claim claim) {
    List<String> by = new ArrayList<>();
    claim.cases().forEach(id -> by.add(id + " " + state(id)));
    claim.tests().forEach(test -> by.add(test.substring(test.lastIndexOf('.') + 1)));
    String shown = by.isEmpty() ? "nothing" : String.join(", ", by);
    return claim.open().isEmpty() ? shown : shown + "; not shown: " + claim.open();
  }

  /// How a case went in this run.
  private String state(String id) {
    List<Cell> of = cells.stream().filter(cell -> cell.fault().id().equals(id)).toList();
    return of.isEmpty() ? "(not run)" : of.stream().allMatch(Cell::isGood) ? "(good)" : "(FAILED)";
  }

  private static String name(AskedDialect dialect) {
    return dialect.name().toLowerCase(Locale.ROOT);
  }

  void writeJson(Writer out) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeArrayFieldStart("cells");
      for (Cell cell : cells) {
        json.writeStartObject();
        json.writeStringField("fault", cell.fault().id());
        json.writeStringField("name", cell.fault().name());
        json.writeStringField("dialect", name(cell.dialect()));
        json.writeNumberField("passed", cell.passed());
        json.writeNumberField("runs", cell.runs());
        json.writeStringField("failure", cell.failure());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("claims");
      for (Claim claim : Claim.all()) {
        json.writeStartObject();
        json.writeStringField("claim", claim.id());
        json.writeStringField("statement", claim.statement());
        json.writeStringField(
            "cases",
            claim.cases().stream()
                .map(id -> id + " " + state(id))
                .collect(Collectors.joining(", ")));
        json.writeStringField("tests", String.join(", ", claim.tests()));
        json.writeStringField("not_shown", claim.open());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }
}
