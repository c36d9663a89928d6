import type { Component } from "../component.ts";
import { groupGaps, groupNodes } from "../postgres/groups.ts";
import { configurePatroni } from "./configuration.ts";

/** PostgreSQL in groups of a primary and its standbys, each member under its own Patroni, where a topology has etcd. */
export const patroni: Component = {
  nodes: (topology) => (topology.etcd.members > 0 ? groupNodes("patroni", topology) : []),
  image: "node",
  configure: configurePatroni,
  gaps: (seen) => (seen.topology.etcd.members > 0 ? groupGaps(seen, "patroni") : []),
  drawn: null,
  packages: ["postgresql-17", "patroni", "python3-etcd"],
  versions: { patroni: "python3 -c 'from patroni.version import __version__; print(__version__)'" },
};
