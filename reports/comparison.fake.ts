import type { ComparedFigure, Evidence, SideDifference } from "../harness/model/comparison.ts";
import type { Figure } from "../harness/model/measurement.ts";
import type { MetricName } from "../harness/model/metric.ts";
import { fakeBenchmarkRun } from "./benchmark-run.fake.ts";
import type { Comparison } from "./comparison.ts";
import { nameSides } from "./group-runs.ts";

/** The same made-up scenario by three engines, with some of the rows that comparing them would give. */
export function fakeComparison(notComparable: readonly string[] = []): Comparison {
  const list = [
    fakeBenchmarkRun(),
    fakeBenchmarkRun({ engine: "pgbench", ownCostUs: 58, capacities: { "": 8200 } }),
    fakeBenchmarkRun({ engine: "k6", ownCostUs: 260, capacities: { "": 3600 }, seed: 43 }),
  ];
  const sides = nameSides(
    list.map((run, index) => [{ ...run, directory: `/srv/runs/latency-simple-select/run-${index + 1}` }]),
  );
  return {
    sides,
    runs: sides.flatMap(({ runs }) => runs),
    compared: { notComparable, tested: 8, rows: fakeRows() },
  };
}

/** The same by two engines, three runs each. */
export function fakeRepeatedComparison(): Comparison {
  const runOf = (engine: "native" | "pgbench", seed: number) => ({
    ...fakeBenchmarkRun({ engine, seed }),
    directory: `/srv/runs/latency-simple-select/${engine}-${seed}`,
  });
  const sides = nameSides([
    [1, 2, 3].map((seed) => runOf("native", seed)),
    [4, 5, 6].map((seed) => runOf("pgbench", seed)),
  ]);
  return {
    sides,
    runs: sides.flatMap(({ runs }) => runs),
    compared: {
      notComparable: [],
      tested: 1,
      rows: [
        row("throughput", "saturation", [8017, 8186], {
          ...similar,
          evidence: { ...similar.evidence, unit: { kind: "runs" }, n: [3, 3], confidence: 0.9 },
        }),
      ],
    },
  };
}

function fakeRows(): readonly ComparedFigure[] {
  const caution = "measured at 3,600/s and 3,690/s and 1,620/s";
  const oneEach =
    "One run of each gives one figure of each. Repeated runs say more: 4 or more of each side (run --repeat).";
  return [
    row(
      "latency-p99",
      "50 % of capacity",
      [1.32, 1.33, 1.3],
      without(`It was ${caution}: another question each.`),
      caution,
    ),
    row("latency-p50", "saturation", [1.9, 1.93, 2.1], open),
    row("throughput", "saturation", [8017, 8186, 3592], [similar, slower]),
    row("throughput", "confirmation", [7190, 7210, 7205], similar),
    row("throughput", "step 1: 4,000/s", [4010, null, null], without("One side has no such figure.")),
    row("capacity", "whole run", [7200, 7380, 3240], without(oneEach)),
  ];
}

type Said = Omit<SideDifference, "ratio">;

const evidence: Evidence = {
  unit: { kind: "blocks", seconds: 2 },
  n: [8, 8],
  scale: "ratio",
  estimate: { kind: "value", value: 0.449 },
  interval: { kind: "between", low: 0.42, high: 0.47 },
  confidence: 0.95,
  direction: -1,
  noDifference: { alone: 0.0002, amongAll: 0.0012 },
  farApart: { alone: 1, amongAll: 1 },
};

const slower: Said = {
  evidence,
  finding: "worse",
  why: "The test finds a difference, the estimate is 5 % or more, and the figures point the same way.",
};

const similar = {
  evidence: {
    ...evidence,
    estimate: { kind: "value", value: 1.003 },
    interval: { kind: "between", low: 0.99, high: 1.02 },
    direction: 1,
    noDifference: { alone: 0.44, amongAll: 0.7 },
    farApart: { alone: 0.001, amongAll: 0.006 },
  },
  finding: "alike",
  why: "Two one-sided tests find them less than 5 % apart, either way.",
} as const satisfies Said;

const open: Said = {
  evidence: {
    ...evidence,
    estimate: { kind: "value", value: 1.03 },
    interval: { kind: "between", low: 0.94, high: 1.12 },
    direction: 1,
    noDifference: { alone: 0.3, amongAll: 0.6 },
    farApart: { alone: 0.24, amongAll: 0.48 },
  },
  finding: "undecided",
  why: "Neither a difference nor likeness (less than 5 % apart) is shown. About 230 s of steady phase might.",
};

function without(withheld: string): Said {
  return { evidence: { withheld }, finding: "undecided", why: withheld };
}

function row(
  metric: MetricName,
  of: string,
  values: readonly (number | null)[],
  said: Said | readonly [Said, Said],
  caution: string | null = null,
  note: string | null = null,
): ComparedFigure {
  const figures = values.map((value): Figure =>
    value === null ? { kind: "withheld", reason: "this run did not measure it" } : { kind: "value", value },
  );
  const [first] = values;
  return {
    metric,
    of,
    figures,
    differences: values.slice(1).map((value, index) => ({
      ...((isSeveral(said) ? said[index] : said) ?? open),
      ratio:
        value === null || first === null || first === undefined
          ? { kind: "withheld", reason: "a figure is missing" }
          : { kind: "value", value: value / first },
    })),
    caution,
    note,
  };
}

function isSeveral(said: Said | readonly [Said, Said]): said is readonly [Said, Said] {
  return Array.isArray(said);
}
