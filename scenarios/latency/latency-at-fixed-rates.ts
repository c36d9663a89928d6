import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Scenario } from "../../harness/model/scenario.ts";
import { simpleSelectLoad, simpleSelectPromise } from "./latency-simple-select.ts";
import { latencyTargets } from "./latency-targets.ts";
import { noPhases, quickBenchmark } from "../quick-benchmark.ts";

const RATES = [500, 1000, 2000, 5000] as const;
const QUICK_RATES = [1000, 2000] as const;

/** Poisson arrivals wherever the engine has them; k6 has evenly spaced ones only. */
function stagesAt(rates: readonly number[]): Benchmark["method"] {
  const stages = rates.map((perSecond) => ({
    name: nameOf(perSecond),
    shape: {
      kind: "open",
      arrival: ["poisson", "constant"],
      rate: { kind: "constant", perSecond },
    },
  })) satisfies Extract<Benchmark["method"], { readonly kind: "fixed" }>["stages"];
  return { kind: "fixed", stages };
}

/** "1,000/s". */
function nameOf(perSecond: number): string {
  return `${perSecond.toLocaleString("en-US")}/s`;
}

/** The steady phases are long enough for `compare` to test one run of each side by the seconds. */
const benchmark: Benchmark = {
  ...simpleSelectLoad,
  phases: { warmupSeconds: 3, steadySeconds: 60, coolDownSeconds: 1 },
  method: stagesAt(RATES),
};

/** The same load by every engine, run after run: what `compare` can lay side by side. */
export const latencyAtFixedRates = {
  name: "latency-at-fixed-rates",
  question:
    "How long does a SELECT of one row take at stated rates, the same for every engine, setting and machine?",
  why:
    "Engines, settings and machines can only be compared at the same load, and shares of a capacity that each run finds " +
    "for itself are not. So these rates are fixed, and nothing is searched for; the lower ones are far below what a " +
    "cluster on two cores serves, the highest may be beyond it. The reads are those of latency-simple-select. Operations " +
    "arrive at random (Poisson) where the engine can send that, else evenly spaced. The promise is judged at 1,000 per second.",
  topology: "production",
  load: null,
  phases: noPhases,
  faults: [],
  benchmark,
  targets: latencyTargets({
    ...simpleSelectPromise,
    at: { stage: nameOf(1000), inWords: "1,000 per second" },
  }),
  quick: quickBenchmark({
    ...benchmark,
    phases: { warmupSeconds: 1, steadySeconds: 30, coolDownSeconds: 0 },
    method: stagesAt(QUICK_RATES),
  }),
} as const satisfies Scenario;
