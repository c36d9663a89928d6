import { shardingCatalogue } from "./cluster/sharding/catalogue.ts";
import type { SetupStep } from "./cluster/sharding/sharding-dialect.ts";
import type { ClusterWatch, SqlRunner } from "./model/capabilities.ts";
import type { Clock } from "./model/clock.ts";
import { HarnessError } from "./model/errors.ts";
import { clientEndpoints, type ClusterLayout, type Endpoint } from "./model/layout.ts";
import type { Topology } from "./model/topology.ts";
import type { Workload } from "./model/workload.ts";
import { ledgerTable } from "./workloads/ledger.ts";

interface Preparing {
  readonly topology: Topology;
  readonly layout: ClusterLayout;
  readonly workload: Workload | null;
  readonly agent: SqlRunner;
  readonly watch: ClusterWatch;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What is left of the budget for becoming ready. */
  readonly remainingMs: () => number;
}

/** One try at one step; a step is safe to run again. */
const TRY_MS = 10_000;
const PAUSE_MS = 50;

/**
 * Makes and fills the tables: on each group as soon as it has a leader, before its standbys are there, so that
 * they copy it all along with the rest.
 */
export async function prepareDatabases(preparing: Preparing): Promise<void> {
  const { topology, layout, workload } = preparing;
  const tables = [ledgerTable, ...(workload?.tables ?? [])];
  for (const stage of shardingCatalogue[topology.sharding].stages({ topology, layout, tables })) {
    await Promise.all(stage.map((step) => runStep(step, preparing)));
  }
  if (workload === null) return;
  const { readWrite } = clientEndpoints(topology);
  await insist(`fill the tables of ${workload.name}`, readWrite, workload.seed, preparing);
}

/** Resolves when a write through the clients' way in has succeeded. Its id is below those of any load. */
export async function proveWrite(preparing: Preparing): Promise<void> {
  const { readWrite } = clientEndpoints(preparing.topology);
  const write = `insert into ${ledgerTable.name} (id) values (0) on conflict do nothing`;
  await insist("write through the clients' way in", readWrite, [write], preparing);
}

async function runStep(step: SetupStep, preparing: Preparing): Promise<void> {
  const { topology, layout, watch, signal, remainingMs } = preparing;
  const members = layout.groups.find(({ name }) => name === step.at.group)?.members ?? [];
  let primary: string | undefined;
  await watch.waitUntil({
    what: `a primary of ${step.at.group}`,
    holds: (view) => {
      const leads = (name: string): boolean =>
        topology.etcd.members === 0 || view.leaders[step.at.group] === name;
      primary = members.find((name) => view.members[name]?.inRecovery === false && leads(name));
      return primary !== undefined;
    },
    budgetMs: remainingMs(),
    signal,
  });
  const at = { host: primary ?? "", port: topology.postgres.port };
  await insist(step.title, at, step.statements, preparing);
}

/** Tries until it succeeds or the budget for becoming ready is over: what it needs may still be starting. */
async function insist(
  title: string,
  at: Endpoint,
  statements: readonly string[],
  { agent, topology, clock, signal, remainingMs }: Preparing,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const budgetMs = Math.min(TRY_MS, remainingMs());
    try {
      await agent.run({ at, database: topology.postgres.database, statements, budgetMs });
      return;
    } catch (cause) {
      if (remainingMs() <= 1) {
        throw new HarnessError({
          code: "cluster-not-prepared",
          message: `Expected to ${title.charAt(0).toLowerCase()}${title.slice(1)} at ${at.host}:${at.port} within the budget for becoming ready, got: ${String(cause)}`,
          cause,
        });
      }
      await clock.sleep(PAUSE_MS, signal);
    }
  }
}
