package io.llmproxy.bench.quick;

import io.llmproxy.bench.load.LoadPlan.Protocol;

/// What is compared: a program and what it speaks on its two sides.
enum Arm {
  OURS_H1("ours-h1", Program.OURS, Protocol.HTTP_1_1, Protocol.HTTP_1_1),
  OURS_H2("ours-h2", Program.OURS, Protocol.H2C, Protocol.H2C),
  NGINX("nginx", Program.NGINX, Protocol.HTTP_1_1, Protocol.HTTP_1_1),
  NGINX_H2IN("nginx-h2in", Program.NGINX, Protocol.H2C, Protocol.HTTP_1_1),
  HAPROXY("haproxy", Program.HAPROXY, Protocol.HTTP_1_1, Protocol.HTTP_1_1),
  HAPROXY_H2("haproxy-h2", Program.HAPROXY, Protocol.H2C, Protocol.H2C);

  /// Whose program.
  enum Program {
    OURS,
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
    return program == Program.OURS;
  }
}
