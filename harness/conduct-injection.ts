import type { RunningCluster } from "./bring-up-cluster.ts";
import { faultNamed } from "./faults/catalogue.ts";
import { runInjection, type InjectionOutcome } from "./faults/lifecycle.ts";
import { chooseVictim } from "./faults/victims.ts";
import type { RunningLoad } from "./load/start-load.ts";
import type { PlannedInjection, RunPlan } from "./model/plan.ts";
import type { Conducting } from "./run-context.ts";
import { redundancyGaps } from "./observe/redundancy.ts";

/** After a fault, service counts as back when both probes were served for this long without a miss. */
const LASTING_MS = 1000;

interface InjectionSetting extends Conducting {
  readonly plan: RunPlan;
  readonly cluster: RunningCluster;
  readonly load: RunningLoad;
}

/**
 * One injection: wait for full redundancy, choose the victim, hurt it, wait for service, heal, wait for full
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
  const outcome = await runInjection({
    fault: faultNamed(injection.fault),
    victim: chooseVictim(injection.victim, watch.view(), layout, injection.choice),
    tools,
    injection,
    loopWaitSeconds: plan.advice.timing?.loopWait ?? topology.patroni.loopWait,
    budgets: plan.budgets,
    fullRedundancy,
    waitUntilServed: (sinceUs) =>
      load.waitUntilServed({ sinceUs, lastingMs: LASTING_MS, budgetMs: plan.budgets.recoveryMs, signal }),
    emit: (event) => recording.event(event),
    clock,
    signal,
  });
  await load.readLedgers(injection.injection);
  load.enterPhase("recovery", injection.injection);
  await clock.sleep(plan.phases.recoverySeconds * 1000, signal);
  return outcome;
}
