/**
 * A leader guard: one process beside each member of etcd. It is configured by DPG_GUARD, a GuardProcessSpec as JSON, and by
 * DPG_GUARD_ETCD_USER and DPG_GUARD_ETCD_PASSWORD where etcd asks for a log-in; nobody talks to it. It exits with 64 where it must
 * not start, with 69 where it cannot be checked whether it may within `startSeconds`, and in any case after
 * DPG_LIFETIME_SECONDS, as every container of a cluster.
 */
import { setTimeout as delay } from "node:timers/promises";
import { askNodes } from "./ask-node.ts";
import { etcdGateway, type EtcdGateway } from "./etcd/etcd-gateway.ts";
import { grantLease, groupStore, renewLease, revokeLease } from "./etcd/group-store.ts";
import { GroupGuard } from "./group-guard.ts";
import type { GuardedGroup, GuardProcessSpec } from "./protocol/guard-spec.ts";
import { readGuardSpec } from "./read-guard-spec.ts";
import { NotYet, Refusal, startChecks } from "./start-checks.ts";

/** Votes, and the place of the guard that acts, outlive a guard that dies or stands still by no more than this. */
const LEASE_SECONDS = 3;
const RENEW_MS = 1000;
const RETRY_MS = 500;

const lifetimeMs = Number(process.env.DPG_LIFETIME_SECONDS ?? 86_400) * 1000;
setTimeout(() => process.exit(1), Math.min(lifetimeMs, 2 ** 31 - 1)).unref();

const controller = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => controller.abort());

void main();

async function main(): Promise<void> {
  try {
    await run(readGuardSpec(process.env), controller.signal);
    process.exit(0);
  } catch (error) {
    const refused = error instanceof Refusal;
    const expected = refused || error instanceof NotYet;
    tell(expected ? `does not start: ${error.message}` : String((error as Error).stack));
    process.exit(refused ? 64 : expected ? 69 : 70);
  }
}

async function run(spec: GuardProcessSpec, signal: AbortSignal): Promise<void> {
  const etcd = etcdGateway(spec.etcd);
  const identifiers = new Map<GuardedGroup, string>();
  for (const guarded of spec.groups) identifiers.set(guarded, await untilChecked(etcd, guarded, spec));
  const lease = keepLease(etcd, signal);
  const ask = askNodes();
  const guards = spec.groups.map(
    (guarded) =>
      new GroupGuard({
        guarded,
        spec,
        systemIdentifier: identifiers.get(guarded) ?? "",
        store: groupStore(etcd, guarded, spec.name, spec.settings),
        ask,
        nowMs,
        lease,
        revoke: (id) => revokeLease(etcd, id),
        tell,
      }),
  );
  const { askEveryMs, goneAfterMs, dryRun } = spec.settings;
  const groups = spec.groups.map(({ group }) => group).join(", ");
  tell(
    `guards ${groups}: gone after ${goneAfterMs} ms without a sign of life, asked every ${askEveryMs} ms${dryRun ? "; dry run" : ""}`,
  );
  const asking = setInterval(() => guards.forEach((guard) => guard.askNodes()), askEveryMs);
  await Promise.all(guards.map((guard) => guard.guard(signal)));
  clearInterval(asking);
  const held = lease();
  if (held !== null) await revokeLease(etcd, held).catch(() => undefined);
}

/** Tries again while something is not there yet that must be. */
async function untilChecked(
  etcd: EtcdGateway,
  guarded: GuardedGroup,
  spec: GuardProcessSpec,
): Promise<string> {
  const untilMs = nowMs() + spec.settings.startSeconds * 1000;
  for (;;) {
    try {
      return await startChecks(etcd, guarded, spec.name);
    } catch (error) {
      if (!(error instanceof NotYet) || nowMs() > untilMs) throw error;
      await delay(RETRY_MS);
    }
  }
}

/** Keeps a lease of the guard's own alive. Tells which it is; null while there is none. */
function keepLease(etcd: EtcdGateway, signal: AbortSignal): () => string | null {
  let lease: string | null = null;
  const keep = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        if (lease !== null && !(await renewLease(etcd, lease))) lease = null;
        lease ??= await grantLease(etcd, LEASE_SECONDS);
      } catch {
        // etcd has no leader, or does not answer: the turns tell.
      }
      await delay(lease === null ? RETRY_MS : RENEW_MS, undefined, { signal }).catch(() => undefined);
    }
  };
  void keep();
  return () => lease;
}

function nowMs(): number {
  return performance.now();
}

/** The wall clock is for the reader alone. */
function tell(line: string): void {
  process.stdout.write(`${new Date().toISOString()} ${line}\n`);
}
