/** How a stub server delays its answers: what the harness must find again. Milliseconds. */
export type KnownDelay =
  | { readonly kind: "fixed"; readonly delayMs: number }
  /** `slowShare` of the answers take `slowMs`, the others `fastMs`: every n-th, so that the share is exact. */
  | {
      readonly kind: "bimodal";
      readonly fastMs: number;
      readonly slowMs: number;
      readonly slowEvery: number;
    }
  /** Answers take `delayMs`, but for the first `stallMs` after `afterMs` of each `everyMs` nothing is answered at all. */
  | {
      readonly kind: "stall";
      readonly delayMs: number;
      readonly everyMs: number;
      readonly afterMs: number;
      readonly stallMs: number;
    };

/** The open load that is sent against it. */
export interface CalibrationLoad {
  readonly ratePerSecond: number;
  readonly connections: number;
  /** What counts. */
  readonly seconds: number;
  /** Sent before that, and left out: a process that has just begun is slow for a while. */
  readonly warmupSeconds: number;
  /** Equal parts of what counts, each judged by itself. */
  readonly windows: number;
}

/** One delay that is known, and the load that it is found by. */
export interface KnownCase {
  readonly title: string;
  readonly delay: KnownDelay;
  readonly load: CalibrationLoad;
}

/** The cases of `dpg-bench calibrate`. Rates are low: they must be far from what either side can do. */
export const knownCases: readonly KnownCase[] = [
  {
    title: "every answer after 5 ms",
    delay: { kind: "fixed", delayMs: 5 },
    load: { ratePerSecond: 500, connections: 16, seconds: 8, warmupSeconds: 2, windows: 8 },
  },
  {
    title: "9 of 10 answers after 2 ms, 1 of 10 after 20 ms",
    delay: { kind: "bimodal", fastMs: 2, slowMs: 20, slowEvery: 10 },
    load: { ratePerSecond: 500, connections: 32, seconds: 8, warmupSeconds: 2, windows: 8 },
  },
  {
    title: "answers after 1 ms, and a stall of 0.5 s in every 5 s",
    delay: { kind: "stall", delayMs: 1, everyMs: 5_000, afterMs: 2_500, stallMs: 500 },
    load: { ratePerSecond: 500, connections: 16, seconds: 20, warmupSeconds: 2, windows: 4 },
  },
];

/** When an answer is due to a request that arrives at `atMs` of the stub's time as its `number`-th (from 1). */
export function answerDueMs(delay: KnownDelay, atMs: number, number: number): number {
  switch (delay.kind) {
    case "fixed":
      return atMs + delay.delayMs;
    case "bimodal":
      return atMs + (number % delay.slowEvery === 0 ? delay.slowMs : delay.fastMs);
    case "stall": {
      const dueMs = atMs + delay.delayMs;
      const within = dueMs % delay.everyMs;
      const stalled = within >= delay.afterMs && within < delay.afterMs + delay.stallMs;
      return stalled ? dueMs - within + delay.afterMs + delay.stallMs : dueMs;
    }
  }
}
