import type { ComparedFigure } from "../harness/model/comparison.ts";
import type { Figure } from "../harness/model/measurement.ts";
import type { MetricName } from "../harness/model/metric.ts";
import { fakeBenchmarkRun } from "./benchmark-run.fake.ts";
import type { Comparison } from "./comparison.ts";
import { nameRuns } from "./name-runs.ts";

/** The same made-up scenario by three engines, with some of the rows that comparing them would give. */
export function fakeComparison(notComparable: readonly string[] = []): Comparison {
  const list = [
    fakeBenchmarkRun(),
    fakeBenchmarkRun({ engine: "pgbench", ownCostUs: 58, capacities: { "": 8200 } }),
    fakeBenchmarkRun({ engine: "k6", ownCostUs: 260, capacities: { "": 3600 }, seed: 43 }),
  ];
  const names = nameRuns(list);
  return {
    runs: list.map((run, index) => ({
      ...run,
      name: names[index] ?? "",
      directory: `/srv/runs/latency-simple-select/run-${index + 1}`,
    })),
    compared: {
      notComparable,
      rows: [
        row(
          "latency-p99",
          "50 % of capacity",
          [1.32, 1.33, 1.3],
          "undecided",
          "measured at 3,600/s and 3,690/s and 1,620/s",
        ),
        row("throughput", "saturation", [8017, 8186, 3592], "worse", null),
        row("throughput", "step 1: 4,000/s", [4010, null, null], "undecided", null),
        row("capacity", "whole run", [7200, 7380, 3240], "alike", null),
      ],
    },
  };
}

function row(
  metric: MetricName,
  of: string,
  values: readonly (number | null)[],
  finding: "worse" | "alike" | "undecided",
  caution: string | null,
): ComparedFigure {
  const figures = values.map((value): Figure =>
    value === null ? { kind: "withheld", reason: "this run did not measure it" } : { kind: "value", value },
  );
  const [first] = values;
  return {
    metric,
    of,
    figures,
    differences: values.slice(1).map((value) => ({
      ratio:
        value === null || first === null || first === undefined
          ? { kind: "withheld", reason: "a figure is missing" }
          : { kind: "value", value: value / first },
      test: { pValue: 0.0004, n: [8, 8] },
      finding,
    })),
    caution,
  };
}
