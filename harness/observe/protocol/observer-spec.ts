import type { Credentials } from "../../model/credentials.ts";
import type { ClusterEvent } from "../../model/event.ts";
import {
  COORDINATORS,
  GUARD_KEYS,
  keysFolder,
  PATRONI_KEYS,
  type ClusterLayout,
  type Endpoint,
} from "../../model/layout.ts";
import type { ResourceReading, StatementReading } from "../../model/resource.ts";
import type { Topology } from "../../model/topology.ts";

/** HAProxy's statistics page inside the cluster's network. */
const HAPROXY_STATS_PORT = 7000;
const ETCD_CLIENT_PORT = 2379;
const MONITOR_PORT = 5432;

/** One PostgreSQL member to be observed. */
export interface ObservedMember extends Endpoint {
  readonly group: string;
  readonly member: string;
  /** The other members of its group: whoever else streams from it (a base backup) is no standby. */
  readonly peers: readonly string[];
  /** null: no Patroni. */
  readonly restPort: number | null;
  /** Time from one look at PostgreSQL to the next, milliseconds. */
  readonly postgresEveryMs: number;
  readonly patroniEveryMs: number;
  /** While resources are watched: time from one look at what its backends wait for to the next, milliseconds. */
  readonly lookEveryMs: number;
}

/** A coordinator whose table of Citus' nodes is to be observed, in the database that has Citus. */
export interface ObservedCitus extends Endpoint {
  readonly group: string;
  readonly member: string;
  readonly everyMs: number;
}

/** One group's Patroni cluster, to be observed in etcd. */
export interface ObservedGroup {
  readonly group: string;
  /** What its keys begin with, up to the last slash. */
  readonly folder: string;
  /** The same of the leader guards' keys. */
  readonly guardFolder: string;
}

/** One member of etcd to be observed. */
export interface ObservedEtcd extends Endpoint {
  readonly member: string;
  readonly everyMs: number;
}

/** pg_auto_failover's monitor. */
export interface ObservedMonitor extends Endpoint {
  readonly everyMs: number;
}

/** One PgBouncer to be observed. */
export interface ObservedPooler extends Endpoint {
  readonly name: string;
  readonly everyMs: number;
  /** Server connections at most. */
  readonly poolSize: number;
}

/** The first line that the observer process reads: what to watch, how often, and on which clock. */
export interface ObserverSpec {
  /** CLOCK_MONOTONIC at the recording's beginning, nanoseconds, as decimal digits. */
  readonly epochNs: string;
  readonly members: readonly ObservedMember[];
  /** None where tables are not sharded by Citus. */
  readonly citus: readonly ObservedCitus[];
  readonly etcd: readonly ObservedEtcd[];
  readonly groups: readonly ObservedGroup[];
  /** null: pg_auto_failover is not in charge. */
  readonly monitor: ObservedMonitor | null;
  readonly haproxy: (Endpoint & { readonly everyMs: number }) | null;
  readonly pgbouncers: readonly ObservedPooler[];
  readonly database: string;
  /** Superuser: pg_stat_replication shows its rows to no lesser role, and reserved connections are kept for it. */
  readonly postgres: { readonly user: string; readonly password: string };
  readonly pgbouncer: { readonly user: string; readonly password: string };
}

/** What the observer writes, one JSON document a line: events, readings while they are asked for, and answers. */
export type ObserverLine = ClusterEvent | ObserverReading | ObserverReply;

export interface ObserverReading {
  readonly reading: ResourceReading;
}

/** A statement's counters since it was asked for them before, without the stage, which the observer does not know. */
export type CountedStatement = Omit<StatementReading, "stage">;

export type ObserverReply =
  /** All observers are looking. */
  | { readonly reply: "started" }
  /** The observer's clock and the processor time it has used so far. */
  | { readonly reply: "pong"; readonly ping: number; readonly atUs: number; readonly cpuUs: number }
  | {
      readonly reply: "statements";
      readonly request: number;
      readonly statements: readonly CountedStatement[];
      /** What could not be read, and why, in whole sentences. */
      readonly missing: readonly string[];
    };

/** What the harness writes after the first line. */
export type ObserverRequest =
  | { readonly ping: number }
  /** Read resources about once a second, or no longer: runs of faults do not ask for it. */
  | { readonly watch: "resources"; readonly on: boolean }
  /** Tell each member's statements, and count from 0 again. `request` comes back with the answer. */
  | { readonly tell: "statements"; readonly request: number };

/** What to observe in a topology. Coordinators are looked at more often: their failover is what is measured. */
export function observerSpec(
  topology: Topology,
  layout: ClusterLayout,
  credentials: Credentials,
  epochNs: bigint,
): ObserverSpec {
  const named = (component: string): typeof layout.nodes =>
    layout.nodes.filter((node) => node.component === component);
  const withPatroni = named("patroni").length > 0;
  return {
    epochNs: epochNs.toString(),
    members: layout.groups.flatMap(({ name: group, members }) =>
      members.map((member) => ({
        group,
        member,
        peers: members.filter((other) => other !== member),
        host: member,
        port: topology.postgres.port,
        restPort: withPatroni ? topology.patroni.restPort : null,
        postgresEveryMs: group === COORDINATORS ? 50 : 250,
        patroniEveryMs: group === COORDINATORS ? 250 : 1000,
        lookEveryMs: group === COORDINATORS ? 200 : 500,
      })),
    ),
    citus: layout.groups.flatMap(({ name: group, members }) =>
      group === COORDINATORS && topology.sharding === "citus"
        ? members.map((member) => ({
            group,
            member,
            host: member,
            port: topology.postgres.port,
            everyMs: 50,
          }))
        : [],
    ),
    etcd: named("etcd").map(({ name }) => ({
      member: name,
      host: name,
      port: ETCD_CLIENT_PORT,
      everyMs: 250,
    })),
    groups: withPatroni
      ? layout.groups.map(({ name }) => ({
          group: name,
          folder: keysFolder(PATRONI_KEYS, topology, name),
          guardFolder: keysFolder(GUARD_KEYS, topology, name),
        }))
      : [],
    monitor:
      named("pg-auto-failover-monitor").map(({ name }) => ({
        host: name,
        port: MONITOR_PORT,
        everyMs: 100,
      }))[0] ?? null,
    haproxy: topology.haproxy.enabled ? { host: "haproxy", port: HAPROXY_STATS_PORT, everyMs: 100 } : null,
    pgbouncers: named("pgbouncer").map(({ name }) => ({
      name,
      host: name,
      port: topology.pgbouncer.port,
      everyMs: 250,
      poolSize: topology.pgbouncer.poolSize,
    })),
    database: topology.postgres.database,
    postgres: { user: "postgres", password: credentials.superuserPassword },
    pgbouncer: { user: "dpg_bench", password: credentials.clientPassword },
  };
}

/** How often each observer looks, in words, for the report. */
export function observerIntervals(spec: ObserverSpec): readonly string[] {
  const every = (what: string, intervals: readonly number[]): string[] =>
    [...new Set(intervals)].map((ms) => `${what}: every ${ms} ms`);
  const part = (coordinators: boolean): readonly ObservedMember[] =>
    spec.members.filter((member) => (member.group === COORDINATORS) === coordinators);
  const withPatroni = (members: readonly ObservedMember[]): readonly ObservedMember[] =>
    members.filter((member) => member.restPort !== null);
  return [
    ...(spec.etcd.length > 0 ? ["etcd leader keys: watched, no interval"] : []),
    ...every(
      "etcd members",
      spec.etcd.map(({ everyMs }) => everyMs),
    ),
    ...every("pg_auto_failover's monitor", spec.monitor === null ? [] : [spec.monitor.everyMs]),
    ...every(
      "PostgreSQL of coordinators",
      part(true).map((member) => member.postgresEveryMs),
    ),
    ...every(
      "PostgreSQL of workers",
      part(false).map((member) => member.postgresEveryMs),
    ),
    ...every(
      "Citus' nodes on coordinators",
      spec.citus.map(({ everyMs }) => everyMs),
    ),
    ...every(
      "Patroni of coordinators",
      withPatroni(part(true)).map((member) => member.patroniEveryMs),
    ),
    ...every(
      "Patroni of workers",
      withPatroni(part(false)).map((member) => member.patroniEveryMs),
    ),
    ...every("HAProxy", spec.haproxy === null ? [] : [spec.haproxy.everyMs]),
    ...every(
      "PgBouncer",
      spec.pgbouncers.map((pooler) => pooler.everyMs),
    ),
  ];
}
