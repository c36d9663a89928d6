import { readLedgersOrNote, tellNote } from "./tell-note.ts";
import type { LoadedCluster } from "./run-context.ts";
import { faultNamed } from "../faults/catalogue.ts";
import { type InjectionOutcome, runInjection } from "../faults/lifecycle.ts";
import { chooseVictim } from "../faults/victims.ts";
import { countdown } from "../database/countdown.ts";
import { decidePrepared } from "../database/read-invariant.ts";
import { HarnessError } from "../model/errors.ts";
import { lastingWindowMs } from "../model/metric.ts";
import { withGroupsInUse } from "../model/layout.ts";
import type { PlannedInjection } from "../model/plan.ts";
import { redundancyGaps } from "../cluster/redundancy.ts";

/**
 * Warm-up, steady load, every injection, and the last reading of the ledgers. A cluster that does not come back is a
 * result: nothing more is injected into it once its full redundancy stays away, and what cannot be read back from it
 * is said in the recording.
 */
export async function conductPhases(setting: LoadedCluster): Promise<void> {
  const { plan, load, clock, signal, progress } = setting;
  progress.step(`Warm-up and steady load`);
  load.enterPhase("warmup", null);
  await clock.sleep(plan.phases.warmupSeconds * 1000, signal);
  load.enterPhase("steady", null);
  await clock.sleep(plan.phases.steadySeconds * 1000, signal);
  await askCopies(null, setting);
  for (const injection of plan.injections) {
    progress.step(`Injection ${injection.injection} of ${plan.injections.length}: ${injection.fault}`);
    const outcome = await conductInjection(injection, setting);
    if (outcome.healed && outcome.problem === null) continue;
    const consequence = outcome.healed ? "" : " Nothing more is injected.";
    const problem = (outcome.problem ?? "full redundancy did not come back").replace(/\.+$/, "");
    tellNote(`Injection ${injection.injection} (${injection.fault}): ${problem}.${consequence}`, setting);
    if (!outcome.healed) break;
  }
  progress.step("Last ledger reading");
  await readLedgersOrNote("at the end", () => afterDeciding(() => load.finish(), setting), setting);
}

/** As for reading one ledger. */
const DECIDE_MS = 60_000;

/**
 * A row that a crash left prepared is not there yet, and not lost: only a background load writes to several groups at once.
 * Where that stays undecided nothing is read: what is missing would not be known to be lost.
 */
async function afterDeciding(read: () => Promise<void>, setting: LoadedCluster): Promise<void> {
  const { plan, clock, signal, cluster } = setting;
  if (plan.load?.background != null) {
    const retrying = { topology: cluster.topology, agent: cluster.agent, clock, signal };
    await decidePrepared(countdown(clock, DECIDE_MS), retrying);
  }
  await read();
}

/** Service before a fault is looked for from this long ago: the recovery phase before it has shown it already. */
const RECENTLY_US = 1_500_000;

/**
 * One injection: wait for full redundancy and for service, choose the victim, hurt it, wait for service, heal, wait for full
 * redundancy, read the ledgers back, ask every copy of a searched table, and let the load run undisturbed for the recovery
 * phase.
 */
async function conductInjection(
  injection: PlannedInjection,
  setting: LoadedCluster,
): Promise<InjectionOutcome> {
  const { plan, cluster, load, recording, clock, signal } = setting;
  const { layout, topology, tools } = cluster;
  const { watch } = tools;
  const fullRedundancy = (view: ReturnType<typeof watch.view>): boolean =>
    redundancyGaps(topology, layout, view).length === 0;
  load.enterPhase("fault", injection.injection);
  const budgetMs = plan.budgets.redundancyMs;
  try {
    await watch.waitUntil({
      what: "full redundancy before the injection",
      holds: fullRedundancy,
      budgetMs,
      signal,
    });
  } catch (error) {
    if (error instanceof HarnessError && error.code === "wait-timed-out") return notInjected(error.message);
    throw error;
  }
  const served = { lastingMs: lastingWindowMs, signal };
  const sinceUs = clock.nowUs() - RECENTLY_US;
  if ((await load.waitUntilServed({ ...served, sinceUs, budgetMs })) === null)
    return notInjected("the probes were not served before the fault");
  const fault = faultNamed(injection.fault);
  // Earlier operations may have emptied worker groups, or taken spare ones into use.
  const moves = plan.injections.some((each) => faultNamed(each.fault).movesShards !== undefined);
  const candidates = moves ? withGroupsInUse(layout, (await tools.shards.read()).inUse) : layout;
  const outcome = await runInjection({
    fault,
    victim: chooseVictim(injection.victim, watch.view(), candidates, injection.choice),
    tools,
    injection,
    loopWaitSeconds: plan.advice.timing?.loopWait ?? topology.patroni.loopWait,
    budgets: plan.budgets,
    fullRedundancy,
    waitUntilServed: (faultUs) =>
      load.waitUntilServed({ ...served, sinceUs: faultUs, budgetMs: plan.budgets.recoveryMs }),
    emit: (event) => recording.event(event),
    clock,
    signal,
  });
  const number = injection.injection;
  await readLedgersOrNote(
    `after injection ${number}`,
    () => afterDeciding(() => load.readLedgers(number), setting),
    setting,
  );
  await askCopies(number, setting);
  load.enterPhase("recovery", injection.injection);
  await clock.sleep(plan.phases.recoverySeconds * 1000, signal);
  return outcome;
}

async function askCopies(injection: number | null, setting: LoadedCluster): Promise<void> {
  if (setting.askCopies === null) return;
  setting.progress.detail("asking every copy of the searched table");
  await setting.askCopies(injection);
}

/** A cluster that is not whole, or does not serve, before a fault is a result too: nothing is injected into it. */
function notInjected(problem: string): InjectionOutcome {
  return { injected: false, observed: false, recovered: false, recoveredAtUs: null, healed: false, problem };
}
