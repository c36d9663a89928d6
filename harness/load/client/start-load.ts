import type { Clock, Micros } from "../../model/clock.ts";
import { HarnessError } from "../../model/errors.ts";
import { clientEndpoints, directEndpoints } from "../../model/layout.ts";
import type { Phase, RunPlan } from "../../model/plan.ts";
import type { RecordingWriter } from "../../model/recording.ts";
import {
  isDirect,
  isProbe,
  type Outcome,
  type StreamDescription,
  type StreamName,
} from "../../model/sample.ts";
import type { LoadSpec } from "../protocol/agent-protocol.ts";
import type { Agent, LoadSink } from "./connect-agent.ts";
import { ServiceTracker } from "./service-tracker.ts";
import { rejectOnAbort } from "../../support/reject-on-abort.ts";
import { within } from "../../support/within.ts";

/** Numbers for whoever watches the run; never judged by. */
export interface LoadStats {
  readonly operations: Readonly<Record<Outcome, number>>;
  /** Was the newest known operation of every probe served? null before there is one. */
  readonly writesServed: boolean | null;
  readonly readsServed: boolean | null;
  readonly lagP99Us: number;
  readonly cpuShare: number;
}

/** Load that is being sent, and everything that it reports being written down. */
export interface RunningLoad extends AsyncDisposable {
  /** Marks the beginning of a phase in the recording. */
  enterPhase(phase: Phase, injection: number | null): void;
  /** Reads every ledger back through the read-write entry. Rejects with a HarnessError after its budget. */
  readLedgers(injection: number | null): Promise<void>;
  /**
   * Resolves with the moment when all probes were served again: the latest end of their first successes after
   * `sinceUs` that lasted `lastingMs`. null when that is not so within the budget.
   */
  waitUntilServed(wait: {
    readonly sinceUs: Micros;
    readonly lastingMs: number;
    readonly budgetMs: number;
    readonly signal?: AbortSignal | undefined;
  }): Promise<Micros | null>;
  stats(): LoadStats;
  /** Stops the load and reads the ledgers for the last time. */
  finish(): Promise<void>;
}

export interface StartLoadOptions {
  readonly plan: Pick<RunPlan, "load" | "streams" | "topology" | "seed" | "budgets" | "phases">;
  readonly agent: Agent;
  /** See LoadSpec; left out: no shards are probed. */
  readonly shardKeys?: LoadSpec["shardKeys"];
  readonly recording: Pick<RecordingWriter, "event" | "samples" | "ledger">;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called once when the agent is gone or cannot go on: nothing more is measured from then on. */
  readonly onBroken?: (error: HarnessError) => void;
}

/** Starts the load of a plan of faults. From then on samples and events go to the recording as they arrive. */
export async function startLoad(options: StartLoadOptions): Promise<RunningLoad> {
  const { plan, agent } = options;
  if (plan.load === null) {
    throw new HarnessError({ code: "no-load", message: "Expected a plan with probes, found a benchmark's." });
  }
  const load = new RecordedLoad(options);
  await agent.start(
    {
      load: plan.load,
      endpoints: clientEndpoints(plan.topology),
      database: plan.topology.postgres.database,
      seed: plan.seed,
      rampSeconds: plan.phases.warmupSeconds * RAMP_SHARE,
      shardKeys: options.shardKeys,
      ...(plan.load.directWriters == null ? {} : { members: directEndpoints(plan.topology) }),
    },
    load,
  );
  return load;
}

/**
 * Of the warm-up, the time in which the load comes to its rate. A cluster that has just been started has no sessions that
 * are warm: at the full rate at once, every operation of the first moments would need a new one on every node of its way, and on
 * a small machine they would all time out together, again and again.
 */
const RAMP_SHARE = 0.5;

/** A ledger is asked for again after an error, until this is over: a pooler may still hold dead connections. */
const READ_LEDGER_BUDGET_MS = 30_000;
const READ_LEDGER_TRY_MS = 10_000;
const READ_LEDGER_PAUSE_MS = 500;
/** Time for the operations under way to be told when the load is let go of before its end. */
const LET_GO_MS = 3_000;

class RecordedLoad implements RunningLoad, LoadSink {
  readonly #options: StartLoadOptions;
  readonly #probes: ReadonlyMap<
    StreamName,
    { readonly kind: "read" | "write"; readonly tracker: ServiceTracker }
  >;
  readonly #operations: Record<Outcome, number> = { ok: 0, failed: 0, unknown: 0 };
  #health = { lagP99Us: 0, cpuShare: 0 };
  #broken: HarnessError | null = null;
  #stopped = false;
  #onNews = new Set<() => void>();

  constructor(options: StartLoadOptions) {
    this.#options = options;
    this.#probes = new Map(
      options.plan.streams
        .filter(isProbe)
        .map(({ name, kind, timeoutMs }) => [name, { kind, tracker: new ServiceTracker(timeoutMs) }]),
    );
  }

  samples(...[stream, samples, knownToUs]: Parameters<LoadSink["samples"]>): void {
    if (samples.length > 0) this.#options.recording.samples(stream, samples);
    if (!isDirect(stream)) for (const { outcome } of samples) this.#operations[outcome] += 1;
    this.#probes.get(stream)?.tracker.add(samples, knownToUs);
    this.#tellWaiting();
  }

  event(...[event]: Parameters<LoadSink["event"]>): void {
    if (event.kind === "agent-health") this.#health = event;
    this.#options.recording.event(event);
  }

  broken(error: HarnessError): void {
    if (this.#broken !== null) return;
    this.#broken = error;
    this.#tellWaiting();
    this.#options.onBroken?.(error);
  }

  enterPhase(phase: Phase, injection: number | null): void {
    this.#throwIfBroken();
    this.#options.recording.event({ kind: "phase", atUs: this.#options.clock.nowUs(), phase, injection });
  }

  async waitUntilServed(wait: Parameters<RunningLoad["waitUntilServed"]>[0]): Promise<Micros | null> {
    const { clock } = this.#options;
    const untilUs = clock.nowUs() + wait.budgetMs * 1000;
    const signal = AbortSignal.any([
      this.#options.signal,
      ...(wait.signal === undefined ? [] : [wait.signal]),
    ]);
    for (;;) {
      this.#throwIfBroken();
      const servedUs = this.#servedSince(wait.sinceUs, wait.lastingMs * 1000);
      if (servedUs !== null) return servedUs;
      const leftMs = (untilUs - clock.nowUs()) / 1000;
      if (leftMs <= 0) return null;
      await this.#newsWithin(leftMs, signal);
    }
  }

  async readLedgers(injection: number | null): Promise<void> {
    for (const stream of this.#options.plan.streams) await this.#readLedger(stream, injection);
  }

  stats(): LoadStats {
    return {
      operations: { ...this.#operations },
      writesServed: this.#servedNow("write"),
      readsServed: this.#servedNow("read"),
      lagP99Us: this.#health.lagP99Us,
      cpuShare: this.#health.cpuShare,
    };
  }

  async finish(): Promise<void> {
    this.#throwIfBroken();
    await rejectOnAbort(this.#options.signal, this.#stop());
    await this.readLedgers(null);
  }

  /** Stops the load if it runs, within moments; what went wrong before matters more than a failure to stop. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#broken !== null) return;
    const { clock } = this.#options;
    await within({ ms: LET_GO_MS, clock }, this.#stop(), () => undefined).catch(() => undefined);
  }

  async #stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    await this.#options.agent.stop();
  }

  #servedSince(sinceUs: Micros, lastingUs: Micros): Micros | null {
    let latestUs: Micros = 0;
    for (const { tracker } of this.#probes.values()) {
      const servedUs = tracker.servedSince(sinceUs, lastingUs);
      if (servedUs === null) return null;
      latestUs = Math.max(latestUs, servedUs);
    }
    return latestUs;
  }

  #servedNow(wanted: "read" | "write"): boolean | null {
    const known = [...this.#probes.values()].flatMap(({ kind, tracker }) =>
      kind === wanted && tracker.servedNow !== null ? [tracker.servedNow] : [],
    );
    return known.length === 0 ? null : known.every((served) => served);
  }

  /** Tries again until the budget is over: the moment of the reading is when the try that succeeded began. */
  async #readLedger(
    { name: stream, ledgerTable: table, group }: StreamDescription,
    injection: number | null,
  ): Promise<void> {
    if (table === null) return;
    const { agent, plan, clock, recording, signal, shardKeys: ofGroups = {} } = this.#options;
    const shardKeys = group === undefined ? undefined : ofGroups[group];
    const { readWrite: at } = clientEndpoints(plan.topology);
    const { database } = plan.topology.postgres;
    const untilUs = clock.nowUs() + READ_LEDGER_BUDGET_MS * 1000;
    for (;;) {
      this.#throwIfBroken();
      const atUs = clock.nowUs();
      try {
        const reading = agent.readIds({ at, database, table, shardKeys, budgetMs: READ_LEDGER_TRY_MS });
        const { rows, present } = await rejectOnAbort(signal, reading);
        recording.ledger({ stream, table, injection, atUs, rows, present });
        recording.event({ kind: "ledger-read", atUs: clock.nowUs(), injection, stream, rows });
        return;
      } catch (error) {
        signal.throwIfAborted();
        if (clock.nowUs() + READ_LEDGER_PAUSE_MS * 1000 > untilUs) throw ledgerUnreadable(table, error);
        await clock.sleep(READ_LEDGER_PAUSE_MS, signal);
      }
    }
  }

  #throwIfBroken(): void {
    if (this.#broken !== null) throw this.#broken;
  }

  #tellWaiting(): void {
    const waiting = [...this.#onNews];
    this.#onNews.clear();
    for (const tell of waiting) tell();
  }

  async #newsWithin(ms: number, signal: AbortSignal): Promise<void> {
    const news = new Promise<void>((resolve) => this.#onNews.add(resolve));
    await within({ ms, clock: this.#options.clock, signal }, news, () => undefined);
  }
}

function ledgerUnreadable(table: string, cause: unknown): HarnessError {
  return new HarnessError({
    code: "ledger-unreadable",
    message: `Expected to read the ledger ${table} back within ${READ_LEDGER_BUDGET_MS / 1000} s, got: ${String(cause)}`,
    hint: "The writes of this stretch stay unjudged. Does the cluster serve reads through its read-write entry?",
    cause,
  });
}
