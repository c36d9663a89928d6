import { conductInjection } from "./conduct-injection.ts";
import { readLedgersOrNote } from "./read-ledgers-or-note.ts";
import { tellNote } from "./tell-note.ts";
import type { LoadedCluster } from "./run-context.ts";

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
  await readLedgersOrNote("at the end", () => load.finish(), setting);
}
