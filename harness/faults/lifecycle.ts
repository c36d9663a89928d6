import type { FaultTools } from "../model/capabilities.ts";
import type { Clock, Micros } from "../model/clock.ts";
import { DpgError, HarnessError } from "../model/errors.ts";
import type { EventOf, InjectionMoment } from "../model/event.ts";
import type { Fault, Victim } from "../model/fault.ts";
import { holdWords } from "../model/hold.ts";
import type { Budgets, PlannedInjection } from "../model/plan.ts";
import type { ClusterView } from "../model/view.ts";
import { actWithin } from "./act-within.ts";
import { attempt, messageOf, type Attempt } from "./attempt.ts";
import { isReached } from "./hold.ts";
import { injectionMoments } from "./injection-moments.ts";
import type { InjectionOutcome } from "./injection-outcome.ts";
import { untilLoopPhase } from "./until-loop-phase.ts";
import { within } from "../support/within.ts";
import { formatValue } from "../model/format-value.ts";

export type { InjectionOutcome } from "./injection-outcome.ts";

interface InjectionRequest {
  readonly fault: Fault;
  readonly victim: Victim;
  readonly tools: FaultTools;
  readonly injection: PlannedInjection;
  /** Patroni's effective loop_wait, seconds. */
  readonly loopWaitSeconds: number;
  readonly budgets: Budgets;
  readonly fullRedundancy: (view: ClusterView) => boolean;
  /** Resolves with the moment of lasting service since `sinceUs`, or null when there was none within its budget. */
  readonly waitUntilServed: (sinceUs: Micros) => Promise<Micros | null>;
  readonly emit: (event: EventOf<"injection">) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * One injection, from full redundancy to full redundancy:
 *
 *                                              ┌────────────────────────────────────────────────┐
 *                                              │ at any failure or abort once injecting began:  │
 *                                              │ healing, then failed, then the error is raised │
 *                                              └────────────────────────────────────────────────┘
 *   waiting ──► setting-up ──► injecting ──► injected ──► observed ──► recovered ──► [held] ──► healing ──► healed
 *      │             │                           │          │       (faults that heal after recovery; held only
 *      │             │                           │          │        where the scenario says for what)
 *      │             │                           │          ├────► healing ──► recovered ──► healed
 *      │             │                           │          │       (faults that heal at once)
 *      │             │                           │          └────► [held] ──► healing ──────► healed
 *      ▼             ▼                           │          │       (service did not come back in time)
 *    failed       failed                         │          └────► held ──► healing ──► recovered ──► healed
 *                                                │                  (healed after a time, service or none)
 *                                                └── not observed in time: healing ──► failed
 *
 * - waiting: for full redundancy; then, setting up, for a turn of the group's Patroni loop plus the planned phase.
 * - injecting: emitted right before acting. This is the fault's time: the fault takes hold between `injecting` and
 *   `injected`, so durations counted from it are never too short, and too long by at most what the command takes: 30 ms
 *   for a pause, up to 500 ms for a kill, which waits for the container's end, about 3 s for a switchover, whose
 *   patronictl takes a second to start and ends when all is done (measured on 2 cores). The note of `injected` has it.
 * - observed: awaited from before the injection, so that a fault that shows only for a moment is not missed; of a fault that
 *   the observers need not see, asked for after it.
 * - held: what the scenario asks may come after service is back (a standby's loss may stop no write at all). It is
 *   awaited from before the injection, within a budget; once it was seen, and the least time is over, service is awaited
 *   anew, so that it is not the healing that brings it back. What was not seen in time is told, and healed all the same.
 *   Where the scenario says after what time it is healed, it is, whether service is there or not: some of it never comes
 *   back before. It is begun so long after injecting was begun: where undoing takes as long as doing, the fault was in force
 *   for just that time.
 * - healing: runs on every exit once injecting began, within a bound, and its error never hides the first one. How long the
 *   fault was in force lies between the end of doing it to the beginning of undoing it, and the beginning of the one to the
 *   end of the other: the moment after healing has both.
 *
 * Resolves also when the cluster does not come back; rejects when a step could not be carried out, or on abort.
 */
export async function runInjection(request: InjectionRequest): Promise<InjectionOutcome> {
  const { fault, victim, tools, budgets, clock, signal } = request;
  const moments = injectionMoments();
  /** Once it is known, and until the next moment has told it. */
  let inForce: EventOf<"injection">["inForceSeconds"] | null = null;
  const enter = (
    moment: InjectionMoment,
    more: Partial<Pick<EventOf<"injection">, "loopPhase" | "note" | "inForceSeconds">> = {},
  ): Micros => {
    moments.to(moment);
    const atUs = clock.nowUs();
    const { injection } = request.injection;
    request.emit({
      kind: "injection",
      atUs,
      injection,
      fault: fault.name,
      victim: victim.name,
      ...(victim.nodes.length > 1 ? { nodes: victim.nodes } : {}),
      moment,
      ...more,
      ...(inForce === null ? {} : { inForceSeconds: inForce }),
    });
    inForce = null;
    return atUs;
  };
  const budgetMs = budgets.commandMs * (fault.budgetInCommands ?? 2);
  const act = (what: string, code: string, work: () => Promise<void>): Promise<void> =>
    actWithin({ what: `${what} ${fault.name} on ${victim.name}`, code, budgetMs, clock }, work);
  const begun = { injecting: false, healing: false };
  const ended = new AbortController();
  const acting: { fromUs: Micros | null; toUs: Micros | null } = { fromUs: null, toUs: null };
  const heal = async (): Promise<void> => {
    begun.healing = true;
    const healingUs = clock.nowUs();
    try {
      enter("healing");
    } finally {
      await act("Healing", "healing-failed", () => fault.heal(tools, victim));
    }
    const { fromUs, toUs } = acting;
    if (fault.healing === "at-once" || fromUs === null || toUs === null) return;
    inForce = { least: (healingUs - toUs) / 1e6, most: (clock.nowUs() - fromUs) / 1e6 };
  };
  try {
    enter("waiting");
    const before = await redundancyWithin(request, "full redundancy before the injection", signal);
    if (before !== null) return failedBefore(enter, before);
    expectSameLeader(request);
    enter("setting-up");
    const loop = await untilLoopPhase(request);
    // Three turns of the loop may have passed since.
    expectSameLeader(request);

    const injected = deferred<Micros>();
    const firstObserved = attempt(() =>
      firstSign(request, injected.promise, AbortSignal.any([signal, ended.signal])),
    );
    const reached = awaitReached(request, AbortSignal.any([signal, ended.signal]));
    begun.injecting = true;
    const faultUs = enter("injecting");
    await act("Injecting", "injection-failed", () => fault.inject(tools, victim, signal));
    const bracketMs = Math.round((clock.nowUs() - faultUs) / 1000);
    const injectedUs = enter("injected", {
      loopPhase: loop.phaseAt(faultUs),
      note: `took ${bracketMs} ms; ${loop.note}`,
    });
    acting.fromUs = faultUs;
    acting.toUs = injectedUs;
    injected.resolve(faultUs);

    const sign = await firstObserved;
    signal.throwIfAborted();
    const isObserved = sign.kind === "value";
    if (isObserved)
      enter("observed", {
        note: `first sign ${Math.round((sign.value.atUs - faultUs) / 1000)} ms after injecting${sign.value.evidence}`,
      });
    else if (!isTimeOut(sign.error)) throw sign.error;
    const healAfterSeconds = healedAfter(request);
    const timed = isObserved && healAfterSeconds !== undefined;
    if (timed) {
      await untilUs(request, faultUs + healAfterSeconds * 1e6);
      enter("held", { note: `for ${healAfterSeconds} s` });
    }
    if (timed || !isObserved || fault.healing === "at-once") await heal();

    // Not since the fault's time: service before the fault took hold is no recovery; nor is service that a fault which is
    // healed in any case left for a while.
    const recoveredAtUs = isObserved ? await served(request, timed ? clock.nowUs() : injectedUs) : null;
    if (recoveredAtUs !== null) enter("recovered");
    let unreached: string | null = null;
    if (!begun.healing && reached !== null) {
      const hold = await held(request, reached, faultUs);
      unreached = hold.unreached;
      enter("held", { note: hold.note });
      // What it was held for may have taken the service away again.
      if (recoveredAtUs !== null && hold.endedUs > recoveredAtUs) await served(request, hold.endedUs);
    }
    if (!begun.healing) await heal();
    const after = await redundancyWithin(request, "full redundancy after healing", signal);
    const problem = [
      isObserved ? null : `${fault.name} on ${victim.name} was not observed: ${messageOf(sign.error)}`,
      isObserved && recoveredAtUs === null ? "service did not come back within its budget" : null,
      unreached,
      after,
    ].filter((each) => each !== null);
    const whole = { injected: true, observed: isObserved, recovered: recoveredAtUs !== null, recoveredAtUs };
    if (isObserved && after === null) enter("healed");
    else enter("failed", { note: problem.join("; ") });
    return { ...whole, healed: after === null, problem: problem.length === 0 ? null : problem.join("; ") };
  } catch (error) {
    const first = signal.aborted ? (signal.reason as unknown) : error;
    const healing = begun.injecting && !begun.healing ? await attempt(heal) : null;
    const unhealed = healing?.kind === "error" ? `; and ${messageOf(healing.error)}` : "";
    // A recording that can no longer be written to must not hide the first error.
    await attempt(() => enter("failed", { note: messageOf(first) + unhealed }));
    throw asError(first, fault, victim);
  } finally {
    ended.abort(new Error("the injection has ended"));
  }
}

/** After how long the fault is healed whether service is there or not; undefined: it is not. */
function healedAfter({ fault, injection }: InjectionRequest): number | undefined {
  return fault.healing === "after-recovery" ? injection.healAfterSeconds : undefined;
}

/** When the fault first showed. Rejects with a "wait-timed-out" when it did not within its budget. */
async function firstSign(
  request: InjectionRequest,
  /** With the moment in which injecting began. */
  injected: Promise<Micros>,
  signal: AbortSignal,
): Promise<{ readonly atUs: Micros; readonly evidence: string }> {
  const { fault, victim, tools, budgets, clock } = request;
  const what = `a sign of ${fault.name} on ${victim.name}`;
  const budgetMs = budgets.commandMs + budgets.observedMs;
  const { isObserved } = fault;
  // What is over soon the observers may miss.
  const ask = isObserved === undefined || healedAfter(request) !== undefined ? fault.tookHold : undefined;
  if (ask === undefined) {
    const holds = (view: ClusterView): boolean => isObserved?.(view, victim) === true;
    return { atUs: await tools.watch.waitUntil({ what, holds, budgetMs, signal }), evidence: "" };
  }
  const faultUs = await injected;
  const untilUs = clock.nowUs() + budgetMs * 1000;
  const tooLate = (): never => {
    throw new HarnessError({
      code: "wait-timed-out",
      message: `Expected ${what} within ${budgetMs / 1000} s.`,
    });
  };
  for (;;) {
    const leftMs = (untilUs - clock.nowUs()) / 1000;
    if (leftMs <= 0) return tooLate();
    const asked = ask(tools, victim, (clock.nowUs() - faultUs) / 1000);
    const answer = await within({ ms: leftMs, clock, signal }, asked, tooLate);
    if (answer !== false)
      return { atUs: clock.nowUs(), evidence: typeof answer === "string" ? `; ${answer}` : "" };
    await clock.sleep(ASK_AGAIN_MS, signal);
  }
}

const ASK_AGAIN_MS = 200;

/** A promise for those who wait, and its key. */
function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve = (_value: T): void => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve: (value) => resolve(value) };
}

async function untilUs({ clock, signal }: InjectionRequest, atUs: Micros): Promise<void> {
  await clock.sleep(Math.max(0, (atUs - clock.nowUs()) / 1000), signal);
}

/** Begins to wait for what the fault is held for; null where it is held for nothing. */
function awaitReached(
  { injection, tools, victim, budgets }: InjectionRequest,
  signal: AbortSignal,
): Promise<Attempt<Micros>> | null {
  const { holdUntil, leastSeconds } = injection;
  if (holdUntil === undefined) {
    return leastSeconds === undefined ? null : Promise.resolve({ kind: "value", value: 0, error: null });
  }
  const before = tools.watch.view();
  return attempt(() =>
    tools.watch.waitUntil({
      what: `that ${holdWords[holdUntil]} for ${victim.name}`,
      holds: (view) => isReached(holdUntil, victim, before, view),
      budgetMs: budgets.commandMs + budgets.holdMs,
      signal,
    }),
  );
}

/** Waits until what the fault is held for was seen, or its budget is over, and until the least time is over. */
async function held(
  request: InjectionRequest,
  reached: Promise<Attempt<Micros>>,
  faultUs: Micros,
): Promise<{ readonly endedUs: Micros; readonly note: string; readonly unreached: string | null }> {
  const {
    injection: { holdUntil, leastSeconds = 0 },
    fault,
    victim,
    clock,
    signal,
  } = request;
  const sign = await reached;
  signal.throwIfAborted();
  if (sign.kind === "error" && !isTimeOut(sign.error)) throw sign.error;
  const leastUs = faultUs + leastSeconds * 1e6;
  await untilUs(request, leastUs);
  const least = leastSeconds > 0 ? [`for at least ${leastSeconds} s`] : [];
  const seen =
    sign.kind === "value" && holdUntil !== undefined
      ? [`until ${holdWords[holdUntil]}: ${formatValue((sign.value - faultUs) / 1e6, "s")} after injecting`]
      : [];
  const unreached =
    sign.kind === "error"
      ? `${fault.name} on ${victim.name} was healed before what it was held for: ${messageOf(sign.error)}`
      : null;
  const endedUs = Math.max(sign.kind === "value" ? sign.value : clock.nowUs(), leastUs);
  return { endedUs, note: unreached ?? [...seen, ...least].join(", "), unreached };
}

/** null: it is there. Otherwise what was missing when the budget ran out. */
async function redundancyWithin(
  request: InjectionRequest,
  what: string,
  signal: AbortSignal,
): Promise<string | null> {
  const { tools, fullRedundancy: holds, budgets } = request;
  try {
    await tools.watch.waitUntil({ what, holds, budgetMs: budgets.redundancyMs, signal });
    return null;
  } catch (error) {
    signal.throwIfAborted();
    if (isTimeOut(error)) return messageOf(error);
    throw error;
  }
}

function failedBefore(
  enter: (moment: InjectionMoment, more: { note: string }) => Micros,
  problem: string,
): InjectionOutcome {
  enter("failed", { note: problem });
  return { injected: false, observed: false, recovered: false, recoveredAtUs: null, healed: false, problem };
}

/** A fault against "the primary" that hits a standby would be measured as something that it is not. */
function expectSameLeader({ tools, victim, fault }: InjectionRequest): void {
  const leader = tools.watch.view().leaders[victim.group];
  if (leader === null || leader === undefined || leader === victim.leader) return;
  throw new HarnessError({
    code: "leader-changed",
    message: `Expected ${victim.leader} to lead ${victim.group} still when ${fault.name} was about to begin; found ${leader}.`,
    hint: "The cluster failed over by itself: look at the events before the injection.",
  });
}

/** waitUntilServed bounds itself; should it not, the injection goes on all the same. */
async function served(request: InjectionRequest, sinceUs: Micros): Promise<Micros | null> {
  const { budgets, clock, signal } = request;
  const limit = { ms: budgets.recoveryMs + budgets.commandMs, clock, signal };
  return await within(limit, request.waitUntilServed(sinceUs), () => null);
}

function isTimeOut(error: unknown): boolean {
  return error instanceof HarnessError && error.code === "wait-timed-out";
}

function asError(error: unknown, fault: Fault, victim: Victim): Error {
  if (error instanceof DpgError) return error;
  return new HarnessError({
    code: "injection-failed",
    message: `${fault.name} on ${victim.name} could not be carried out: ${messageOf(error)}`,
    cause: error,
  });
}
