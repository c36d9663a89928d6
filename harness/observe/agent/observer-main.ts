/**
 * The observer: one process inside the cluster's network that watches every component. It reads its ObserverSpec
 * from the first line of its standard input, writes events as lines of JSON, answers pings with its clock, reads
 * resources and statements when asked to, and ends when its input does; in any case after DPG_LIFETIME_SECONDS, as every container of a cluster.
 */
import { setMaxListeners } from "node:events";
import { Socket } from "node:net";
import { createInterface } from "node:readline";
import { Outbox } from "../../support/outbox.ts";
import { observeCitusNodes } from "./observe-citus-nodes.ts";
import { observeEtcd } from "./observe-etcd.ts";
import { observeEtcdMembers } from "./observe-etcd-members.ts";
import { observeHaproxy } from "./observe-haproxy.ts";
import { observeMonitor, type StandbyNames } from "./observe-monitor.ts";
import { observePatroni } from "./observe-patroni.ts";
import { observePgbouncer } from "./observe-pgbouncer.ts";
import { observePostgres } from "./observe-postgres.ts";
import type { ObserverLine, ObserverRequest, ObserverSpec } from "../protocol/observer-spec.ts";
import type { Observing } from "./observing.ts";
import { readCitus } from "./read-citus.ts";
import { readPooler } from "./read-pooler.ts";
import { readPostgres } from "./read-postgres.ts";
import { readStatements } from "./read-statements.ts";
import type { Reporting } from "../protocol/reporting.ts";
import { tellStalls } from "./tell-stalls.ts";

/** A day without the variable, as in the node image; Node.js takes no timer above 2^31 - 1 milliseconds. */
const lifetimeMs = Number(process.env.DPG_LIFETIME_SECONDS ?? 86_400) * 1000;
setTimeout(() => process.exit(1), Math.min(lifetimeMs, 2 ** 31 - 1)).unref();

let running: { readonly spec: ObserverSpec; readonly observing: Observing } | null = null;
/** Ends the readers of resources; null while nobody asks for readings. */
let readers: AbortController | null = null;

createInterface({ input: process.stdin })
  .on("line", (line) => {
    if (running === null) running = start(JSON.parse(line) as ObserverSpec);
    else answer(JSON.parse(line) as ObserverRequest, running);
  })
  .on("close", () => process.exit(0));

// process.stdout writes to pipes synchronously: a slow reader would stop the looking. See agent-main.ts.
const output = new Socket({ fd: 1, readable: false, writable: true });
output.on("error", () => process.exit(0));
const outbox = new Outbox<ObserverLine>(output, (why) => {
  process.stderr.write(`The observer ends: ${why}.\n`);
  process.exit(1);
});

function start(spec: ObserverSpec): NonNullable<typeof running> {
  const epochNs = BigInt(spec.epochNs);
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const observing: Observing = {
    nowUs: () => Number((process.hrtime.bigint() - epochNs) / 1000n),
    emit: write,
    signal,
  };
  void tellStalls(observing);
  const names: StandbyNames = new Map();
  if (spec.monitor !== null) void observeMonitor(spec.monitor, spec.postgres, names, observing);
  for (const member of spec.members) {
    void observePostgres(member, { ...spec.postgres, database: "postgres" }, observing, { names });
    const { restPort } = member;
    if (restPort !== null) void observePatroni({ ...member, restPort }, observing);
  }
  for (const coordinator of spec.citus) {
    void observeCitusNodes(coordinator, { ...spec.postgres, database: spec.database }, observing);
  }
  if (spec.etcd.length > 0) {
    const members = observeEtcdMembers(spec.etcd, observing);
    void observeEtcd(members, spec.groups, observing);
  }
  if (spec.haproxy !== null) void observeHaproxy(spec.haproxy, observing);
  for (const pooler of spec.pgbouncers) {
    void observePgbouncer(pooler, { ...spec.pgbouncer, database: spec.database }, observing);
  }
  write({ reply: "started" });
  return { spec, observing };
}

function answer(request: ObserverRequest, { spec, observing }: NonNullable<typeof running>): void {
  if ("watch" in request) {
    readers?.abort();
    readers = request.on ? startReaders(spec, observing) : null;
  } else if ("tell" in request) {
    void readStatements(spec.members, statementLogin(spec)).then((told) =>
      write({ reply: "statements", request: request.request, ...told }),
    );
  } else {
    const { user, system } = process.cpuUsage();
    write({ reply: "pong", ping: request.ping, atUs: observing.nowUs(), cpuUs: user + system });
  }
}

function startReaders(spec: ObserverSpec, { nowUs, emit }: Observing): AbortController {
  const controller = new AbortController();
  const { signal } = controller;
  setMaxListeners(0, signal);
  const reporting: Reporting = {
    nowUs,
    report: (reading) => write({ reading }),
    complain: (text) => emit({ kind: "note", atUs: nowUs(), text }),
    signal,
  };
  for (const pooler of spec.pgbouncers) {
    void readPooler(pooler, { ...spec.pgbouncer, database: spec.database }, reporting);
  }
  for (const coordinator of spec.citus) {
    void readCitus(coordinator, { ...spec.postgres, database: spec.database }, reporting);
  }
  for (const member of spec.members) void readPostgres(member, statementLogin(spec), reporting);
  return controller;
}

/** As superuser, who sees everybody's statements; those of the clients' role are told. */
function statementLogin({ postgres, database, pgbouncer }: ObserverSpec): typeof postgres & {
  readonly database: string;
  readonly role: string;
} {
  return { ...postgres, database, role: pgbouncer.user };
}

function write(line: ObserverLine): void {
  outbox.send(line);
}
