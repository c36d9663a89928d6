import { z } from "zod";
import type { ClusterEvent } from "../../model/event.ts";
import type { Exactly } from "../../schema/exactly.ts";
import { line, micros, text } from "./values.ts";

const group = line;
const member = line;
const endpoint = z.enum(["readWrite", "readOnly"]);

function event<const Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) {
  return z.object({ atUs: micros, kind: z.literal(kind), ...shape });
}

/** A line of events.ndjson. */
export const eventSchema = z.discriminatedUnion("kind", [
  event("leader-key-set", { group, leader: line }),
  event("leader-key-gone", { group, leader: line.nullable() }),
  event("sync-key", { group, leader: line.nullable(), standbys: z.array(line) }),
  event("search-plan", { group, member, plan: z.array(text), byIndex: z.boolean() }),
  event("loop-tick", { group }),
  event("observer-stood-still", { fromUs: z.number() }),
  event("etcd-member", {
    member,
    state: z.enum(["leader", "follower", "leaderless", "unreachable"]),
    term: z.number().nullable(),
    inSync: z.boolean(),
  }),
  event("leader-key-released", { group, leader: line, by: line, why: text, dryRun: z.boolean() }),
  event("guard-state", { group, guard: line, watching: z.boolean() }),
  event("guards-resting", { group, resting: z.boolean() }),
  event("etcd-watch", { connected: z.boolean(), reason: text.nullable() }),
  event("member-state", { group, member, role: line, state: line, timeline: z.number().nullable() }),
  event("monitored-node", { group, member, reported: line, assigned: line, healthy: z.boolean() }),
  event("proxy-server", { backend: line, server: line, status: line, up: z.boolean() }),
  event("pool-state", {
    pgbouncer: line,
    reachable: z.boolean(),
    serverConnected: z.boolean(),
    clientsWaiting: z.number(),
  }),
  event("postgres-state", {
    group,
    member,
    reachable: z.boolean(),
    inRecovery: z.boolean().nullable(),
    timeline: z.number().nullable(),
    server: z
      .object({ startedUs: z.number(), address: line.nullable(), receivesFrom: line.nullable() })
      .nullish(),
    absence: z
      .discriminatedUnion("why", [
        z.object({ why: z.literal("refused") }),
        z.object({ why: z.enum(["ended", "silent"]), seenUs: micros.nullable() }),
      ])
      .nullish(),
  }),
  event("replication-state", {
    group,
    primary: line,
    streaming: z.array(line),
    synchronous: z.array(line),
    commitsWaitFor: z.number().optional(),
    canConfirm: z.array(line).optional(),
  }),
  event("citus-nodes", {
    group,
    member,
    nodes: z.array(
      z.object({
        citusGroup: z.int(),
        host: line,
        role: line,
        active: z.boolean(),
        metadataSynced: z.boolean(),
        holdsShards: z.boolean(),
      }),
    ),
  }),
  event("connection-made", { stream: line, endpoint }),
  event("connection-lost", { stream: line, endpoint, code: line }),
  event("agent-health", {
    lagP50Us: z.number(),
    lagP99Us: z.number(),
    lagMaxUs: z.number(),
    cpuShare: z.number(),
    neverSent: z.number(),
  }),
  event("injection", {
    injection: z.int(),
    fault: line,
    victim: line,
    nodes: z.array(line).optional(),
    moment: z.enum([
      "waiting",
      "setting-up",
      "injecting",
      "injected",
      "observed",
      "recovered",
      "held",
      "healing",
      "healed",
      "failed",
    ]),
    loopPhase: z.number().optional(),
    inForceSeconds: z.object({ least: z.number(), most: z.number() }).optional(),
    note: text.optional(),
  }),
  event("phase", {
    phase: z.enum(["warmup", "steady", "fault", "recovery"]),
    injection: z.int().nullable(),
  }),
  event("cluster-ready", { tookMs: z.number(), fillingMs: z.number().optional() }),
  event("memory-read", { memoryMb: z.record(line, z.number()) }),
  event("variant", { variant: line }),
  event("stage", {
    stage: z.int(),
    name: line,
    phase: z.enum(["warmup", "steady", "cool-down", "ended"]),
  }),
  event("ledger-read", { injection: z.int().nullable(), stream: line, rows: z.number() }),
  event("shards-moved", {
    name: line,
    shards: z.number(),
    from: group,
    to: group,
    bytes: z.number(),
    tookMs: z.number(),
    lockedMs: z.number().nullable(),
  }),
  event("index-made", {
    group,
    table: line,
    index: line,
    tookMs: z.number(),
    bytes: z.number(),
    memory: line,
    parallelWorkers: z.number(),
  }),
  event("rows-loaded", { table: line, rows: z.number(), tookMs: z.number() }),
  event("searchable", { table: line, tookMs: z.number() }),
  event("note", { text }),
]);

true satisfies Exactly<z.infer<typeof eventSchema>, ClusterEvent>;

const KINDS: ReadonlySet<unknown> = new Set(eventSchema.options.map(({ shape }) => shape.kind.value));

/**
 * An event of a kind that a later dpg-bench writes stays in the log as a note that says so; a moment of an earlier one
 * has the name of today.
 */
export function knownEvent(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("kind" in value) || KINDS.has(value.kind))
    return isMomentFelt(value) ? { ...value, moment: "observed" } : value;
  if (typeof value.kind !== "string" || !("atUs" in value)) return value;
  const words = `An event of a kind that this dpg-bench does not know: ${JSON.stringify(value.kind.slice(0, 60))}.`;
  return { kind: "note", atUs: value.atUs, text: words };
}

/** What recordings of plans of format 1 call the moment when the fault was observed. */
function isMomentFelt(value: unknown): value is object {
  return typeof value === "object" && value !== null && "moment" in value && value.moment === "felt";
}
