import type { Micros } from "../../../model/clock.ts";
import type { Outcome } from "../../../model/sample.ts";
import type { OperationSecond } from "../../../model/stage.ts";
import { IntervalHistogram } from "./interval-histogram.ts";

/** Counts and distributions of one kind of operation over one interval. Used again for later ones. */
export class OperationTally {
  readonly #operation: string;
  readonly #latency = new IntervalHistogram();
  readonly #noticed = new IntervalHistogram();
  readonly #tellsNoticed: boolean;
  readonly #serviceTime = new IntervalHistogram();
  readonly #lag = new IntervalHistogram();
  #failed: Record<string, number> = {};
  #unknown: Record<string, number> = {};
  #retried: Record<string, number> = {};
  #ok = 0;
  #inTime = 0;
  #neverSent = 0;
  #late = 0;

  /** `tellsNoticed`: the sender tells when it looked at its schedule and found an operation due. */
  constructor(operation: string, tellsNoticed: boolean) {
    this.#operation = operation;
    this.#tellsNoticed = tellsNoticed;
  }

  /** `latenessUs`: how late the sender was to notice that it was due, which is part of the latency. */
  succeeded(latencyUs: Micros, latenessUs: Micros, serviceUs: Micros, inTime: boolean): void {
    this.#ok += 1;
    if (inTime) this.#inTime += 1;
    this.#latency.record(latencyUs);
    if (this.#tellsNoticed) this.#noticed.record(latencyUs - latenessUs);
    this.#serviceTime.record(serviceUs);
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
      ...(this.#tellsNoticed ? { noticed: this.#noticed.take() } : {}),
      serviceTime: this.#serviceTime.take(),
      lag: this.#lag.take(),
      ok: this.#ok,
      inTime: this.#inTime,
      failed: this.#failed,
      unknown: this.#unknown,
      retried: this.#retried,
      neverSent: this.#neverSent,
      late: this.#late,
    };
    this.#failed = {};
    this.#unknown = {};
    this.#retried = {};
    this.#ok = this.#inTime = this.#neverSent = this.#late = 0;
    return taken;
  }
}
