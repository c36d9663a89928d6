import type { SetupStep } from "../cluster/sharding/sharding-dialect.ts";
import { retrySql, type SqlRetrying } from "./retry-sql.ts";
import type { ClusterWatch } from "../model/capabilities.ts";
import type { ClusterLayout, Endpoint } from "../model/layout.ts";
import { failoverManager } from "../model/topology.ts";

/** What it takes to run statements on the groups of a cluster. */
export interface SettingUp extends SqlRetrying {
  readonly layout: ClusterLayout;
  readonly watch: ClusterWatch;
}

/** How long the steps may take, and how the budget is called. */
export interface SetupBudget {
  readonly tryMs: number;
  readonly remainingMs: () => number;
  readonly within: string;
}

/** Runs steps on their groups' primaries, stage after stage, as soon as there is one. */
export async function runSetupStages(
  stages: readonly (readonly SetupStep[])[],
  setting: SettingUp,
  budget: SetupBudget,
): Promise<void> {
  for (const stage of stages) {
    await Promise.all(stage.map((step) => runSetupStep(step, setting, budget)));
  }
}

/** Resolves with the primary of a group, as soon as there is one. Rejects when there is none within the budget. */
export async function primaryOf(
  group: string,
  { topology, layout, watch, signal }: Pick<SettingUp, "topology" | "layout" | "watch" | "signal">,
  budgetMs: number,
): Promise<Endpoint> {
  const members = layout.groups.find(({ name }) => name === group)?.members ?? [];
  let primary: string | undefined;
  await watch.waitUntil({
    what: `a primary of ${group}`,
    holds: (view) => {
      const leads = (name: string): boolean =>
        failoverManager(topology) === null || view.leaders[group] === name;
      primary = members.find((name) => view.members[name]?.inRecovery === false && leads(name));
      return primary !== undefined;
    },
    budgetMs,
    signal,
  });
  return { host: primary ?? "", port: topology.postgres.port };
}

/** Runs one step on its group's primary, as soon as there is one; resolves with the rows of its last statement. */
export async function runSetupStep(
  step: SetupStep,
  setting: SettingUp,
  budget: SetupBudget,
): ReturnType<typeof retrySql> {
  const at = await primaryOf(step.at.group, setting, budget.remainingMs());
  return await retrySql(
    {
      ...budget,
      purpose: step.title.charAt(0).toLowerCase() + step.title.slice(1),
      at,
      statements: step.statements,
      passing: RACES,
    },
    setting,
  );
}

/**
 * A try that was given up may still be running on the server: then CREATE TABLE IF NOT EXISTS can fail although it
 * looked (unique_violation in the catalogue, duplicate_table, duplicate_object).
 */
const RACES = ["23505", "42P07", "42710"];
