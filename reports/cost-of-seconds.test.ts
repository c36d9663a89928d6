import { expect, test } from "vitest";
import { compareRuns } from "../harness/judge/compare-runs.ts";
import type { Figure, RoleUse } from "../harness/model/measurement.ts";
import type { Comparison } from "./comparison.ts";
import { costOfSeconds, type CostRow } from "./cost-of-seconds.ts";
import { nameSides } from "./group-runs.ts";
import { fakeRun } from "./run.fake.ts";
import type { Run } from "./run.ts";

const value = (of: number): Figure => ({ kind: "value", value: of });

function use(role: string, containers: number, cpuCores: number, memoryMb: number): RoleUse {
  return { role, containers, cpuCores, mostCores: cpuCores, memoryMb, mostMb: memoryMb };
}

/** A run whose kill-node injections left writes unserved for so long. */
function runOn(topology: string, killed: Figure, containers: readonly RoleUse[]): Run {
  const run = fakeRun();
  const { plan } = run.recording;
  return {
    ...run,
    recording: {
      ...run.recording,
      plan: {
        ...plan,
        scenario: { ...plan.scenario, against: ["production-leader-guard"] },
        topology: { ...plan.topology, name: topology },
      },
    },
    measurements: {
      ...run.measurements,
      containers,
      figures: [
        ...run.measurements.figures.filter(({ metric }) => metric !== "write-unavailability"),
        {
          metric: "write-unavailability",
          of: "kill-node, injection 1",
          fault: "kill-node",
          kind: "kill-node",
          figure: killed,
          n: 1,
        },
      ],
    },
  };
}

function compared(runs: readonly Run[]): Comparison {
  const sides = nameSides(runs.map((run, index) => [{ ...run, directory: `/runs/${index}` }]));
  return {
    sides,
    runs: sides.flatMap((side) => side.runs),
    compared: compareRuns(sides.map((side) => side.runs)),
  };
}

function texts({ cells }: CostRow): readonly string[] {
  return cells.map(({ figure, format, saved }) =>
    [figure.kind === "withheld" ? figure.reason : format(figure), saved ?? ""].join("|"),
  );
}

const etcd = use("etcd", 3, 0.2, 90);

test("what is saved stands beside what decides about failovers and what was in danger", () => {
  const rows = costOfSeconds(
    compared([
      runOn("production", value(20.5), [etcd, use("workers", 8, 0.3, 600)]),
      runOn("production-leader-guard", value(4.5), [etcd, use("guard", 3, 0.03, 48)]),
    ]),
  );
  const of = (title: string): readonly string[] => texts(rows!.find((row) => row.title === title)!);
  expect(of("kill-node")).toEqual(["20.5 s|", "4.50 s|16 s less"]);
  expect(rows!.find(({ title }) => title === "kill-node")?.how).toBe("median of 1 injection each");
  expect(of("What decides about failovers")).toEqual(["3 containers|", "6 containers|"]);
  expect(of("Its processor")).toEqual(["0.20 cores|", "0.23 cores|"]);
  expect(of("Its memory")).toEqual(["90 MiB|", "138 MiB|"]);
  expect(rows!.map(({ kind }) => kind)).toEqual([
    "bought",
    "paid",
    "paid",
    "paid",
    "paid",
    "paid",
    "risked",
    "risked",
    "risked",
    "risked",
  ]);
});

test("of what is known within bounds, no more is said to be saved than is certain", () => {
  const saved = (first: Figure, own: Figure): string | null | undefined =>
    costOfSeconds(compared([runOn("a", first, []), runOn("b", own, [])]))?.[0]?.cells[1]?.saved;
  expect(saved({ kind: "between", low: 10, high: 12 }, value(4))).toBe("at least 6 s less");
  expect(saved(value(4), { kind: "between", low: 10, high: 12 })).toBe("at least 6 s more");
  expect(saved({ kind: "at-least", value: 30 }, value(4))).toBe("at least 26 s less");
  expect(saved(value(4), { kind: "at-least", value: 30 })).toBe("at least 26 s more");
  expect(saved({ kind: "between", low: 3, high: 12 }, value(4))).toBe("about the same, as far as is known");
  expect(saved(value(4), { kind: "withheld", reason: "nobody looked" })).toBeNull();
});

test("what was not read is a reason, and never a zero", () => {
  const rows = costOfSeconds(compared([runOn("a", value(1), []), runOn("b", value(1), [etcd])]));
  expect(texts(rows!.find(({ title }) => title === "Its memory")!)).toEqual([
    "the steady phase has no readings of containers|",
    "90 MiB|",
  ]);
});

test("runs on one topology have no such table", () => {
  expect(costOfSeconds(compared([runOn("a", value(1), []), runOn("a", value(2), [])]))).toBeNull();
});
