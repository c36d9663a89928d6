/**
 * The observer: one process inside the cluster's network that watches every component. It reads its ObserverSpec
 * from the first line of its standard input, writes events as lines of JSON, answers pings with its clock, and ends
 * when its input does; in any case after DPG_LIFETIME_SECONDS, as every container of a cluster.
 */
import { setMaxListeners } from "node:events";
import { createInterface } from "node:readline";
import { observeEtcd } from "./observe-etcd.ts";
import { observeHaproxy } from "./observe-haproxy.ts";
import { observePatroni } from "./observe-patroni.ts";
import { observePgbouncer } from "./observe-pgbouncer.ts";
import { observePostgres } from "./observe-postgres.ts";
import type { ObserverLine, ObserverRequest, ObserverSpec } from "./observer-spec.ts";
import type { Observing } from "./observing.ts";

/** A day without the variable, as in the node image; Node.js takes no timer above 2^31 - 1 milliseconds. */
const lifetimeMs = Number(process.env.DPG_LIFETIME_SECONDS ?? 86_400) * 1000;
setTimeout(() => process.exit(1), Math.min(lifetimeMs, 2 ** 31 - 1)).unref();

let observing: Observing | null = null;

createInterface({ input: process.stdin })
  .on("line", (line) => {
    if (observing === null) observing = start(JSON.parse(line) as ObserverSpec);
    else answer(JSON.parse(line) as ObserverRequest, observing);
  })
  .on("close", () => process.exit(0));

process.stdout.on("error", () => process.exit(0));

function start(spec: ObserverSpec): Observing {
  const epochNs = BigInt(spec.epochNs);
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const context: Observing = {
    nowUs: () => Number((process.hrtime.bigint() - epochNs) / 1000n),
    emit: write,
    signal,
  };
  for (const member of spec.members) {
    void observePostgres(member, { ...spec.postgres, database: "postgres" }, context);
    const { restPort } = member;
    if (restPort !== null) void observePatroni({ ...member, restPort }, context);
  }
  if (spec.etcd.length > 0) void observeEtcd(spec.etcd, spec.groups, context);
  if (spec.haproxy !== null) void observeHaproxy(spec.haproxy, context);
  for (const pooler of spec.pgbouncers) {
    void observePgbouncer(pooler, { ...spec.pgbouncer, database: spec.database }, context);
  }
  write({ reply: "started" });
  return context;
}

function answer({ ping }: ObserverRequest, { nowUs }: Observing): void {
  const { user, system } = process.cpuUsage();
  write({ reply: "pong", ping, atUs: nowUs(), cpuUs: user + system });
}

function write(line: ObserverLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
