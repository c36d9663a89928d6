import type { Micros } from "../../../../model/clock.ts";
import type { Outcome } from "../../../../model/sample.ts";
import type { OperationSecond } from "../../../../model/stage.ts";
import { IntervalHistogram } from "./interval-histogram.ts";

/** What an engine tells of its sender. */
export interface TellsOfSender {
  /** When it looked at its schedule and found an operation due. */
  readonly noticed: boolean;
  /** That it stood still. */
  readonly stalls: boolean;
}

/** Counts and distributions of one kind of operation over one interval. Used again for later ones. */
export class OperationTally {
  readonly #operation: string;
  readonly #latency = new IntervalHistogram();
  readonly #noticed = new IntervalHistogram();
  readonly #tells: TellsOfSender;
  readonly #serviceTime = new IntervalHistogram();
  readonly #lag = new IntervalHistogram();
  #failed: Record<string, number> = {};
  #unknown: Record<string, number> = {};
  #retried: Record<string, number> = {};
  #ok = 0;
  #inTime = 0;
  #neverSent = 0;
  #late = 0;
  #stalled = 0;
  #cutShort = 0;

  constructor(operation: string, tells: TellsOfSender) {
    this.#operation = operation;
    this.#tells = tells;
  }

  /** `sendersUs`: what of the latency is the sender's own: how late it was to notice that it was due, and its stalls. */
  succeeded(latencyUs: Micros, sendersUs: Micros, serviceUs: Micros, inTime: boolean): void {
    this.#ok += 1;
    if (inTime) this.#inTime += 1;
    this.#latency.record(latencyUs);
    if (this.#tells.noticed) this.#noticed.record(latencyUs - sendersUs);
    this.#serviceTime.record(serviceUs);
  }

  /** Of one that succeeded: the sender stood still while it was under way, or was catching up when it began. */
  stalled(): void {
    this.#stalled += 1;
  }

  /** Of one that was missed: it had less than its time-out for the sender's own sake. */
  cutShort(): void {
    this.#cutShort += 1;
  }

  missed(outcome: Exclude<Outcome, "ok">, code: string): void {
    const counts = outcome === "failed" ? this.#failed : this.#unknown;
    counts[code] = (counts[code] ?? 0) + 1;
  }

  sent(lagUs: Micros, late: boolean): void {
    this.#lag.record(lagUs);
    if (late) this.#late += 1;
  }

  neverSent(): void {
    this.#neverSent += 1;
  }

  retried(code: string): void {
    this.#retried[code] = (this.#retried[code] ?? 0) + 1;
  }

  /** What was counted since the last call. */
  take(): OperationSecond {
    const taken: OperationSecond = {
      operation: this.#operation,
      latency: this.#latency.take(),
      ...(this.#tells.noticed ? { noticed: this.#noticed.take() } : {}),
      serviceTime: this.#serviceTime.take(),
      lag: this.#lag.take(),
      ok: this.#ok,
      inTime: this.#inTime,
      failed: this.#failed,
      unknown: this.#unknown,
      retried: this.#retried,
      neverSent: this.#neverSent,
      late: this.#late,
      ...(this.#tells.stalls ? { stalled: this.#stalled, cutShort: this.#cutShort } : {}),
    };
    this.#failed = {};
    this.#unknown = {};
    this.#retried = {};
    this.#ok = this.#inTime = this.#neverSent = this.#late = this.#stalled = this.#cutShort = 0;
    return taken;
  }
}
