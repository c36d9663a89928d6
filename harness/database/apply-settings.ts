import { shardingCatalogue } from "../cluster/sharding/catalogue.ts";
import type { ShardingDialectSetup } from "../cluster/sharding/sharding-dialect.ts";
import { vectorCatalogue } from "../cluster/vectors/catalogue.ts";
import { HarnessError } from "../model/errors.ts";
import type { Workload } from "../model/workload.ts";
import { countdown } from "./countdown.ts";
import { settingsInVectorWords } from "./in-vector-words.ts";
import { retrySql } from "./retry-sql.ts";
import { runSetupStages, type SettingUp, type SetupBudget } from "./run-setup-stages.ts";

const BUDGET_MS = 30_000;
const TRY_MS = 5_000;
/** Between two looks at a member that has not heard of the settings yet. */
const PAUSE_MS = 100;

/**
 * Gives every session of the clients on every node the workload's settings. A session's own SET goes no further than the
 * server that it is made on: not to the workers that foreign servers or Citus ask, and with a pooler not even to the next
 * transaction. So they become settings of the database in each group; every member is asked, in a new session, until it
 * has them; then the sessions of before are ended, and with them those to the workers that they hold. A HarnessError that
 * names the member that does not have them in time.
 */
export async function applySettings(
  { name, settings = {} }: Pick<Workload, "name" | "settings">,
  setting: SettingUp,
): Promise<void> {
  const wanted = Object.entries(await settingsInVectorWords(settings, setting));
  if (wanted.length === 0) return;
  const { topology, layout, clock } = setting;
  const budget: SetupBudget = {
    tryMs: TRY_MS,
    remainingMs: countdown(clock, BUDGET_MS),
    within: `the ${BUDGET_MS / 1000} s for the settings of ${name}`,
  };
  // Without it the server knows no such setting, and lets nobody but a superuser set it.
  const load = vectorCatalogue[topology.vectors].load;
  const dialect: ShardingDialectSetup = shardingCatalogue[topology.sharding];
  const statements = wanted.map(
    ([setting, value]) => `ALTER DATABASE ${topology.postgres.database} SET ${setting} = '${value}'`,
  );
  const steps = layout.groups.map((group) => ({
    title: `Set what ${name} asks for on ${group.name}`,
    at: { group: group.name },
    statements: [...(dialect.stayHere ?? []), ...load, ...statements],
  }));
  await runSetupStages([steps], setting, budget);
  const members = layout.groups.flatMap((group) => group.members);
  await Promise.all(members.map((host) => renewSessions(host, { wanted, load, budget }, setting)));
}

async function renewSessions(
  host: string,
  {
    wanted,
    load,
    budget,
  }: {
    readonly wanted: readonly (readonly [name: string, value: string])[];
    readonly load: readonly string[];
    readonly budget: SetupBudget;
  },
  setting: SettingUp,
): Promise<void> {
  const { topology, clock, signal } = setting;
  const at = { host, port: topology.postgres.port };
  const shown = wanted.map(([name], index) => `current_setting('${name}', true) as s${index}`);
  for (;;) {
    const [row = {}] = await retrySql(
      { ...budget, purpose: "see settings", at, statements: [...load, `select ${shown.join(", ")}`] },
      setting,
    );
    const missing = wanted.find(([, value], index) => row[`s${index}`] !== value);
    if (missing === undefined) break;
    if (budget.remainingMs() <= 1) {
      throw new HarnessError({
        code: "settings-not-there",
        message: `Expected ${missing[0]} = ${missing[1]} in a new session on ${host} within ${budget.within}, found that it is not there.`,
      });
    }
    await clock.sleep(PAUSE_MS, signal);
  }
  await retrySql(
    {
      ...budget,
      purpose: "end the sessions of before",
      at,
      statements: [
        `select count(pg_terminate_backend(pid)) from pg_stat_activity
         where usename = current_user and datname = current_database() and pid <> pg_backend_pid()`,
      ],
    },
    setting,
  );
}
