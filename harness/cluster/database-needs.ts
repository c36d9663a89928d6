import type { Credentials } from "../model/credentials.ts";
import type { ClusterLayout, GroupSpec } from "../model/layout.ts";
import type { PostgresParameters, Topology } from "../model/topology.ts";

/** What a dialect asks of the PostgreSQL nodes of a cluster before there is any table. */
export interface DatabaseNeeds {
  /** Libraries that every PostgreSQL loads at its start, before those of the topology. */
  readonly preloads: readonly string[];
  /** Parameters of every PostgreSQL; the topology's own come before them. */
  readonly parameters: PostgresParameters;
  /** Extensions that the node image must have from its base, because no Debian package brings them. */
  readonly extensions: readonly string[];
  /** Extensions that are built, and kept in a node image that nobody else gets: see setup/extension-build. */
  readonly builds: readonly BuiltExtension[];
  /** Debian packages that the node image needs for it, beyond PostgreSQL itself. */
  readonly packages: readonly string[];
  /** As a component's. */
  readonly versions: Readonly<Record<string, string>>;
  /** What a group's first primary runs once as superuser, in the clients' database, before anybody else is let in. */
  readonly bootstrap: (request: BootstrapRequest) => readonly string[];
}

/** Extensions that dpg-bench can build. */
export type BuiltExtension = "ruvector";

export interface BootstrapRequest {
  readonly topology: Topology;
  readonly layout: ClusterLayout;
  readonly group: GroupSpec;
  readonly credentials: Credentials;
}

/** A dialect that asks for nothing. */
export const noNeeds: DatabaseNeeds = {
  preloads: [],
  parameters: {},
  extensions: [],
  builds: [],
  packages: [],
  versions: {},
  bootstrap: () => [],
};
