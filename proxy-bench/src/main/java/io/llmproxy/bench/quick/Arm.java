package io.llmproxy.bench.quick;

import io.llmproxy.bench.load.LoadPlan.Protocol;

/// What is compared: a program and what it speaks on its two sides.
enum Arm {
  OURS_H1("ours-h1", Program.OURS, Protocol.HTTP_1_1, Protocol.HTTP_1_1),
  OURS_H2("ours-h2", Program.OURS, Protocol.H2C, Protocol.H2C),
  POLICED_H1("policed-h1", Program.POLICED, Protocol.HTTP_1_1, Protocol.HTTP_1_1),
  POLICED_H2("policed-h2", Program.POLICED, Protocol.H2C, Protocol.H2C),
  NGINX("nginx", Program.NGINX, Protocol.HTTP_1_1, Protocol.HTTP_1_1),
  NGINX_H2IN("nginx-h2in", Program.NGINX, Protocol.H2C, Protocol.HTTP_1_1),
  HAPROXY("haproxy", Program.HAPROXY, Protocol.HTTP_1_1, Protocol.HTTP_1_1),
  HAPROXY_H2("haproxy-h2", Program.HAPROXY, Protocol.H2C, Protocol.H2C);

  /// Whose program.
  enum Program {
    /// With no limit, budget, key or ledger.
    OURS,
    /// With all of them.
    POLICED,
    NGINX,
    HAPROXY
  }

  private final String id;
  private final Program program;
  private final Protocol downstream;
  private final Protocol upstream;

  Arm(String id, Program program, Protocol downstream, Protocol upstream) {
    this.id = id;
    this.program = program;
    this.downstream = downstream;
    this.upstream = upstream;
  }

  String id() {
    return id;
  }

  Program program() {
    return program;
  }

  Protocol downstream() {
    return downstream;
  }

  Protocol upstream() {
    return upstream;
  }

  boolean ours() {
    return program == Program.OURS || program == Program.POLICED;
  }

  /// Whether keys, limits, budgets and a ledger are on.
  boolean policed() {
    return program == Program.POLICED;
  }

  /// Whether what this one costs is told as a part of what `peer` does.
  boolean isComparedWith(Arm peer) {
    boolean bare = program == Program.OURS && !peer.ours();
    boolean more = policed() && peer.program == Program.OURS;
    return downstream == peer.downstream && (bare || more);
  }
}
