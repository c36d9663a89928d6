import type { FaultTools } from "../model/capabilities.ts";
import type { Clock, Micros } from "../model/clock.ts";
import { HarnessError } from "../model/errors.ts";
import type { Victim } from "../model/fault.ts";
import type { PlannedInjection } from "../model/plan.ts";
import { formatNumber } from "../model/format-value.ts";

/** Where in Patroni's loop a moment lies, as far as it is known, and how it was found. */
interface LoopPosition {
  /** 0..1 of loop_wait; undefined when no turn of the loop was seen. */
  phaseAt(atUs: Micros): number | undefined;
  readonly note: string;
}

/**
 * Resolves at the planned phase of the group's Patroni loop: at its next turn plus loopPhase x loop_wait. A turn shows
 * only when the leader's WAL has moved since the last one; where none shows within two loop_waits, the phase is timed from
 * an arbitrary moment and is not known.
 */
export async function untilLoopPhase(request: {
  readonly tools: FaultTools;
  readonly victim: Victim;
  readonly injection: PlannedInjection;
  readonly loopWaitSeconds: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<LoopPosition> {
  const { tools, victim, injection, loopWaitSeconds, clock, signal } = request;
  const loopUs = loopWaitSeconds * 1_000_000;
  const tickUs = await nextTick(tools, victim.group, (2 * loopUs) / 1000, signal);
  const dueUs = (tickUs ?? clock.nowUs()) + injection.loopPhase * loopUs;
  await clock.sleep(Math.max(0, (dueUs - clock.nowUs()) / 1000), signal);
  return {
    phaseAt: (atUs) => (tickUs === null || loopUs === 0 ? undefined : ((atUs - tickUs) / loopUs) % 1),
    note:
      tickUs === null
        ? `no turn of Patroni's loop was seen, so its phase is not known`
        : `planned at ${formatNumber(injection.loopPhase, 2)} of Patroni's loop`,
  };
}

async function nextTick(
  tools: FaultTools,
  group: string,
  budgetMs: number,
  signal: AbortSignal,
): Promise<Micros | null> {
  // No leader key, or one by the word of pg_auto_failover's monitor: no Patroni, and so no loop.
  const { leaders, monitored } = tools.watch.view();
  if ((leaders[group] ?? null) === null || Object.keys(monitored).length > 0) return null;
  try {
    return await tools.watch.nextLoopTick(group, budgetMs, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof HarnessError && error.code === "wait-timed-out") return null;
    throw error;
  }
}
