import type { Component } from "../component.ts";
import { groupGaps, groupNodes } from "../postgres/groups.ts";
import { configureNode } from "./configure-node.ts";

/** PostgreSQL in groups of a primary and its standbys, each member under its own pg_autoctl: in Patroni's place. */
export const pgAutoFailover: Component = {
  nodes: (topology) => (topology.pgAutoFailover.enabled ? groupNodes("pg-auto-failover", topology) : []),
  image: "node",
  configure: configureNode,
  gaps: (seen) => (seen.topology.pgAutoFailover.enabled ? groupGaps(seen, "pg-auto-failover") : []),
  drawn: null,
  // The checker that HAProxy asks talks to PostgreSQL by Patroni's own library for it.
  packages: ["postgresql-17", "python3-psycopg2"],
  optionalPackages: ["pg-auto-failover-cli"],
  versions: { pg_auto_failover: "pg_autoctl --version 2>/dev/null | head -n 1 || true" },
};
