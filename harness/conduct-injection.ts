import type { RunningCluster } from "./bring-up-cluster.ts";
import { faultNamed } from "./faults/catalogue.ts";
import { runInjection, type InjectionOutcome } from "./faults/lifecycle.ts";
import { chooseVictim } from "./faults/victims.ts";
import type { RunningLoad } from "./load/start-load.ts";
import type { Micros } from "./model/clock.ts";
import { lastingWindowMs } from "./model/metric.ts";
import type { PlannedInjection, RunPlan } from "./model/plan.ts";
import type { Conducting } from "./run-context.ts";
import { redundancyGaps } from "./observe/redundancy.ts";

/** Service before a fault is looked for from this long ago: the recovery phase before it has shown it already. */
const RECENTLY_US = 1_500_000;

interface InjectionSetting extends Conducting {
  readonly plan: RunPlan;
  readonly cluster: RunningCluster;
  readonly load: RunningLoad;
}

/**
 * One injection: wait for full redundancy and for service, choose the victim, hurt it, wait for service, heal, wait for full
 * redundancy, read the ledgers back, and let the load run undisturbed for the recovery phase.
 */
export async function conductInjection(
  injection: PlannedInjection,
  setting: InjectionSetting,
): Promise<InjectionOutcome> {
  const { plan, cluster, load, recording, clock, signal } = setting;
  const { layout, topology, watch, tools } = cluster;
  const fullRedundancy = (view: ReturnType<typeof watch.view>): boolean =>
    redundancyGaps(topology, layout, view).length === 0;
  load.enterPhase("fault", injection.injection);
  await watch.waitUntil({
    what: "full redundancy before the injection",
    holds: fullRedundancy,
    budgetMs: plan.budgets.redundancyMs,
    signal,
  });
  const waitUntilServed = (sinceUs: Micros): Promise<Micros | null> =>
    load.waitUntilServed({
      sinceUs,
      lastingMs: lastingWindowMs,
      budgetMs: plan.budgets.recoveryMs,
      signal,
    });
  if ((await waitUntilServed(clock.nowUs() - RECENTLY_US)) === null) return neverServed;
  const outcome = await runInjection({
    fault: faultNamed(injection.fault),
    victim: chooseVictim(injection.victim, watch.view(), layout, injection.choice),
    tools,
    injection,
    loopWaitSeconds: plan.advice.timing?.loopWait ?? topology.patroni.loopWait,
    budgets: plan.budgets,
    fullRedundancy,
    waitUntilServed,
    emit: (event) => recording.event(event),
    clock,
    signal,
  });
  await load.readLedgers(injection.injection);
  load.enterPhase("recovery", injection.injection);
  await clock.sleep(plan.phases.recoverySeconds * 1000, signal);
  return outcome;
}

/** A cluster that does not serve before a fault is a result too: nothing is injected into it. */
const neverServed: InjectionOutcome = {
  injected: false,
  felt: false,
  recovered: false,
  recoveredAtUs: null,
  healed: false,
  problem: "the probes were not served before the fault",
};
