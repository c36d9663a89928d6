import type { ClusterEvent } from "../../harness/model/event.ts";
import {
  counted,
  formatBytes,
  formatCount,
  formatMoment,
  formatUtilisation,
  formatValue,
} from "../../harness/model/format-value.ts";

/** One event in one line of words, as the event log shows it. */
export function describeEvent(event: ClusterEvent): string {
  switch (event.kind) {
    case "leader-key-set":
      return `etcd: leader key of ${event.group} is held by ${event.leader}`;
    case "leader-key-gone":
      return `etcd: leader key of ${event.group} is gone${event.leader === null ? "" : ` (was ${event.leader})`}`;
    case "sync-key":
      return `etcd: ${event.leader === null ? `key sync of ${event.group} lists nobody` : `beside ${event.leader}, ${event.standbys.join(", ") || "nobody"} may take the leader key of ${event.group}`}`;
    case "search-plan":
      return `postgres: ${event.member} searches by ${event.plan.join(", ") || "no plan that was read"}`;
    case "leader-key-released":
      return `${event.by}: ${event.dryRun ? "would have deleted" : "deleted"} the leader key of ${event.leader} (${event.group}): ${event.why}`;
    case "guard-state":
      return `${event.guard}: ${event.watching ? "looks" : "does not look"} at ${event.group}`;
    case "guards-resting":
      return `guards: ${event.resting ? "leave the leader key of" : "may delete the leader key of"} ${event.group} ${event.resting ? "alone for a while" : "again"}`;
    case "loop-tick":
      return `etcd: the leader of ${event.group} wrote its status`;
    case "observer-stood-still":
      return `observer: stood still, nothing was watched from ${formatMoment(event.fromUs)} on`;
    case "etcd-member":
      return `etcd: ${event.member} ${etcdState(event)}${event.term === null ? "" : `, term ${event.term}`}`;
    case "etcd-watch":
      return event.connected
        ? "observer: connected to etcd"
        : `observer: lost etcd, what follows was not seen${because(event.reason)}`;
    case "member-state":
      return `patroni: ${event.member} is ${event.role}, ${event.state}${timeline(event.timeline)}`;
    case "monitored-node":
      return `monitor: ${event.member} is ${monitoredState(event)}${event.healthy ? "" : ", not healthy"}`;
    case "proxy-server":
      return `haproxy: ${event.server} ${event.status} in ${event.backend}`;
    case "pool-state":
      return `pgbouncer: ${event.pgbouncer} ${poolState(event)}`;
    case "postgres-state":
      return `postgres: ${event.member} ${postgresState(event)}${timeline(event.timeline)}`;
    case "replication-state":
      return `postgres: ${event.primary} streams to ${event.streaming.join(", ") || "nobody"}${event.synchronous.length > 0 ? ` (synchronous: ${event.synchronous.join(", ")})` : ""}`;
    case "citus-nodes":
      return `citus: ${event.member} sends queries to ${citusPrimaries(event)}`;
    case "connection-made":
      return `agent: ${event.stream} connected (${event.endpoint})`;
    case "connection-lost":
      return `agent: ${event.stream} lost its connection (${event.endpoint}): ${event.code}`;
    case "agent-health":
      return `agent: schedule lag p99 ${formatValue(event.lagP99Us / 1000, "ms")}, ${formatUtilisation(event.cpuShare)} of a core, ${event.neverSent} never sent`;
    case "injection":
      return `injection ${event.injection}, ${event.fault} on ${event.victim}: ${event.moment}${because(event.note ?? null)}`;
    case "phase":
      return `phase ${event.phase}${event.injection === null ? "" : ` of injection ${event.injection}`}`;
    case "cluster-ready":
      return `cluster ready after ${formatValue(event.tookMs / 1000, "s")}${filling(event.fillingMs ?? 0)}`;
    case "memory-read": {
      const each = Object.values(event.memoryMb);
      const all = each.reduce((sum, mebibytes) => sum + mebibytes, 0);
      return `${counted(each.length, "container")} hold ${formatValue(all, "MiB")} of memory`;
    }
    case "variant":
      return event.variant === ""
        ? "bringing up the cluster"
        : `variant ${event.variant}: bringing up its cluster`;
    case "stage":
      return `stage ${event.stage}, ${event.name}: ${event.phase}`;
    case "ledger-read":
      return `ledger of ${event.stream} read back: ${event.rows} rows`;
    case "shards-moved":
      return `${event.name}: ${counted(event.shards, "shard")} (${formatBytes(event.bytes)}) moved from ${event.from} to ${event.to} in ${event.tookMs} ms${event.lockedMs === null ? "" : `, locked for ${event.lockedMs} ms`}`;
    case "index-made":
      return `index ${event.index} made on ${event.group} in ${formatValue(event.tookMs / 1000, "s")}, ${formatBytes(event.bytes)}`;
    case "rows-loaded":
      return `${formatCount(event.rows)} rows loaded into ${event.table} in ${formatValue(event.tookMs / 1000, "s")}`;
    case "searchable":
      return `${event.table} searchable ${formatValue(event.tookMs / 1000, "s")} after its last row`;
    case "note":
      return event.text;
  }
}

/** Those of the worker groups, and which of them have not got the newest metadata yet. */
function citusPrimaries({ nodes }: Extract<ClusterEvent, { kind: "citus-nodes" }>): string {
  const workers = nodes.filter(({ citusGroup, role }) => citusGroup > 0 && role === "primary");
  const words = workers.map(({ host, active, metadataSynced }) =>
    !active ? `${host} (not active)` : metadataSynced ? host : `${host} (metadata not synced)`,
  );
  return words.join(", ") || "no worker yet";
}

function etcdState({ state, inSync }: Extract<ClusterEvent, { kind: "etcd-member" }>): string {
  if (state === "unreachable") return "does not answer";
  const words = state === "leader" ? "leads" : state === "follower" ? "follows" : "knows no leader";
  return inSync ? words : `${words}, not in sync`;
}

type PoolState = Extract<ClusterEvent, { kind: "pool-state" }>;
type PostgresState = Extract<ClusterEvent, { kind: "postgres-state" }>;

function poolState({ reachable, serverConnected, clientsWaiting }: PoolState): string {
  if (!reachable) return "does not answer";
  return `answers, ${serverConnected ? "has" : "has no"} server connection, ${clientsWaiting} clients waiting`;
}

function postgresState({ reachable, inRecovery }: PostgresState): string {
  if (!reachable) return "does not answer";
  return inRecovery === false ? "is writable (not in recovery)" : "is in recovery";
}

function timeline(number: number | null): string {
  return number === null ? "" : `, timeline ${number}`;
}

function because(reason: string | null): string {
  return reason === null ? "" : `: ${reason}`;
}

function filling(ms: number): string {
  return ms === 0 ? "" : `, ${formatValue(ms / 1000, "s")} of it for filling tables`;
}

/** As long as the two differ, the node is on its way from the one to the other. */
function monitoredState({ reported, assigned }: Extract<ClusterEvent, { kind: "monitored-node" }>): string {
  return reported === assigned ? reported : `${reported}, to become ${assigned}`;
}
