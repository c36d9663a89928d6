import { agent } from "./agent/agent.ts";
import type { Component } from "./component.ts";
import { etcd } from "./etcd/etcd.ts";
import { guard } from "./guard/guard.ts";
import { haproxy } from "./haproxy/haproxy.ts";
import { observer } from "./observer/observer.ts";
import { patroni } from "./patroni/patroni.ts";
import { pgAutoFailoverMonitor } from "./pg-auto-failover/monitor.ts";
import { pgAutoFailover } from "./pg-auto-failover/pg-auto-failover.ts";
import { pgbouncer } from "./pgbouncer/pgbouncer.ts";
import { postgres } from "./postgres/postgres.ts";

/** Every component, by the name that its nodes have it by, in the order in which nodes are listed. */
export const componentCatalogue = {
  etcd,
  "pg-auto-failover-monitor": pgAutoFailoverMonitor,
  guard,
  patroni,
  "pg-auto-failover": pgAutoFailover,
  postgres,
  pgbouncer,
  haproxy,
  agent,
  observer,
} as const satisfies Record<string, Component>;

/** The component that a node runs. */
export function componentOf({ component }: { readonly component: string }): Component {
  const found = (componentCatalogue as Readonly<Record<string, Component>>)[component];
  if (found === undefined) throw new Error(`no component ${component}`);
  return found;
}

/** All of them. */
export function everyComponent(): readonly Component[] {
  return Object.values(componentCatalogue);
}
