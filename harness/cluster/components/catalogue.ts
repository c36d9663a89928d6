import type { Component } from "../../model/layout.ts";
import type { ComponentConfig } from "../../runtime/container-spec.ts";
import { renderAgent } from "./agent.ts";
import type { ComponentRequest } from "./component-request.ts";
import { renderEtcd } from "./etcd.ts";
import { renderHaproxy } from "./haproxy.ts";
import { renderPatroni } from "./patroni.ts";
import { renderPgbouncer } from "./pgbouncer.ts";
import { renderPostgres } from "./postgres.ts";

/** Every component's renderer: pure, from the topology to what its container starts with. */
export const componentCatalogue = {
  etcd: renderEtcd,
  patroni: renderPatroni,
  postgres: renderPostgres,
  pgbouncer: renderPgbouncer,
  haproxy: renderHaproxy,
  agent: renderAgent,
  observer: renderAgent,
} satisfies Record<Component, (request: ComponentRequest) => ComponentConfig>;
