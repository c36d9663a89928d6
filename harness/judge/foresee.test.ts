import { expect, test } from "vitest";
import type { FailureClass, PredictedBand, VictimRole } from "../model/advice.ts";
import type { InjectionMeasurement, Measurements, NamedFigure } from "../model/measurement.ts";
import { fakePlan } from "../model/plan.fake.ts";
import type { RunPlan } from "../model/plan.ts";
import type { Target } from "../model/target.ts";
import { foresee } from "./foresee.ts";

const below10: Target = {
  id: "T1-replica",
  title: "Losing a replica stops writes for less than 10 s",
  metric: "write-unavailability",
  statistic: "each",
  bound: { below: 10 },
  source: "a promise",
};
const within6: Target = {
  ...below10,
  id: "B9",
  title: "The circuit opens within 6 s",
  metric: "circuit-open",
  bound: { atMost: 6 },
};
const bands: readonly PredictedBand[] = [
  band("write-unavailability", ["synchronous standby"], 19, 23),
  band("write-unavailability", ["asynchronous replica"], 0, 0),
  band("circuit-open", ["synchronous standby", "asynchronous replica"], 6.5, 8.6),
];

test("writes that stopped with the one synchronous standby were foreseen, and D14 says why", () => {
  expect(foreseen(below10, "synchronous standby", 21.1)).toBe(
    "Predicted 19-23 s for pause-node on the synchronous standby (frozen node) with ttl 20, Patroni's floor: T1-replica " +
      "(below 10 s) cannot be met by pause-node on the synchronous standby. D14: Losing it stops all writes.",
  );
});

test("nothing was foreseen where the same fault hit a replica that nobody waits for", () => {
  expect(foreseen(below10, "asynchronous replica", 12)).toBeNull();
});

test("while it is not known whom a fault will hit, only what holds for either is foreseen", () => {
  expect(foreseen(below10, null, null)).toBeNull();
  expect(foreseen(within6, null, null)).toContain("Predicted 6.5-8.6 s for pause-node (frozen node): B9");
});

test("a circuit that opened late was foreseen by D13, whatever the victim was", () => {
  for (const role of ["synchronous standby", "asynchronous replica"] as const) {
    expect(foreseen(within6, role, 7)).toBe(
      "Predicted 6.5-8.6 s for pause-node (frozen node): B9 (at most 6 s) cannot be met by pause-node. D13: A hung server " +
        "is out late.",
    );
  }
});

test("a bound that the low end just reaches can be met where it is inclusive", () => {
  expect(foreseen({ ...within6, bound: { atMost: 6.5 } }, "synchronous standby", 7)).toBeNull();
  expect(foreseen({ ...within6, bound: { below: 6.5 } }, "synchronous standby", 7)).not.toBeNull();
});

test("a plan of before roles were told apart speaks of writes and the primary", () => {
  const { metric: _metric, roles: _roles, ...old } = band("write-unavailability", ["primary"], 19, 26);
  const plan = planWith([old], "primary of coordinators");
  const judged = { plan, measurements: measuredAs("primary") };
  expect(foresee(below10, failed(below10, 22), judged)).toContain(
    "Predicted 19-26 s for pause-node (frozen node)",
  );
  expect(foresee(within6, failed(within6, 22), judged)).toBeNull();
});

function foreseen(target: Target, role: VictimRole | null, seconds: number | null): string | null {
  const figure = seconds === null ? undefined : failed(target, seconds);
  const measurements = role === null ? measuredAs() : measuredAs(role);
  return foresee(target, figure, { plan: planWith(bands, "one replica of coordinators"), measurements });
}

function failed({ metric }: Target, seconds: number): NamedFigure {
  const figure = { kind: "value", value: seconds } as const;
  return { metric, of: "pause-node, injection 1", fault: "pause-node", figure, n: 1 };
}

function planWith(
  advised: readonly PredictedBand[],
  victim: RunPlan["injections"][number]["victim"],
): RunPlan {
  const plan = fakePlan(["pause-node"]);
  const findings = [
    { id: "D13", title: "A hung server is out late" },
    { id: "D14", title: "Losing it stops all writes" },
  ].map((each) => ({ ...each, severity: "risk" as const, claim: "", truth: "", mend: "", source: "" }));
  return {
    ...plan,
    injections: plan.injections.map((each) => ({ ...each, victim })),
    advice: { ...plan.advice, bands: advised, findings },
  };
}

/** Only what foresight reads of a measurement. */
function measuredAs(...roles: readonly VictimRole[]): Measurements {
  const injections = roles.map(
    (role, index) => ({ injection: index + 1, fault: "pause-node", role }) as InjectionMeasurement,
  );
  return { injections } as unknown as Measurements;
}

function band(
  metric: NonNullable<PredictedBand["metric"]>,
  roles: readonly VictimRole[],
  lowSeconds: number,
  highSeconds: number,
): PredictedBand {
  const failureClass: FailureClass = "node-pause";
  return { metric, fault: "pause-node", failureClass, roles, lowSeconds, highSeconds, terms: [] };
}
