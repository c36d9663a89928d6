import { expect, test } from "vitest";
import type { FailureClass, PredictedBand, VictimRole } from "../model/advice.ts";
import type { InjectionMeasurement, Measurements, NamedFigure } from "../model/measurement.ts";
import { fakePlan } from "../model/plan.fake.ts";
import type { RunPlan } from "../model/plan.ts";
import type { Target } from "../model/target.ts";
import { whyPredicted } from "./why-predicted.ts";

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
  expect(whyPredicted(below10, failed(below10, 22), judged)).toContain(
    "Predicted 19-26 s for pause-node (frozen node)",
  );
  expect(whyPredicted(within6, failed(within6, 22), judged)).toBeNull();
});

test("of several faults the band of the one that failed is said, and all that rule the bound out are named", () => {
  const advised = [
    band("write-unavailability", ["primary"], 19, 23),
    band("write-unavailability", ["primary"], 30.4, 34.6, "kill-node"),
    band("write-unavailability", ["primary"], 1, 3, "switchover"),
  ];
  const injected = {
    advised,
    faults: ["pause-node", "kill-node", "switchover"],
    roles: ["primary", "primary", "primary"],
  } as const;
  expect(foreseenOf({ ...injected, failing: "kill-node, injection 2" })).toBe(
    "Predicted 30.4-34.6 s for kill-node (frozen node) with ttl 20, Patroni's floor: T1-replica (below 10 s) cannot be met by " +
      "pause-node, kill-node.",
  );
  expect(foreseenOf({ ...injected, failing: null })).toContain("Predicted 19-23 s for pause-node");
  // Not one of its own injections, or not one of them at all: the first band that rules it out.
  expect(foreseenOf({ ...injected, failing: "switchover, injection 3" })).toContain(
    "Predicted 19-23 s for pause-node",
  );
  expect(foreseenOf({ ...injected, failing: "outside the injections" })).toContain(
    "Predicted 19-23 s for pause-node",
  );
});

test("of one fault on several victims the band of the role that was hit is said", () => {
  const advised = [
    band("write-unavailability", ["primary"], 19, 23),
    band("write-unavailability", ["synchronous standby"], 30, 35),
  ];
  const injected = {
    advised,
    faults: ["pause-node", "pause-node"],
    roles: ["primary", "synchronous standby"],
  } as const;
  expect(foreseenOf({ ...injected, failing: "pause-node, injection 1" })).toContain(
    "Predicted 19-23 s for pause-node (",
  );
  expect(foreseenOf({ ...injected, failing: "pause-node, injection 2" })).toContain(
    "Predicted 30-35 s for pause-node on the synchronous standby (",
  );
  const either = [band("write-unavailability", ["quorum standby", "asynchronous replica"], 19, 23)];
  expect(
    foreseenOf({ advised: either, faults: ["pause-node"], roles: ["quorum standby"], failing: null }),
  ).toContain("for pause-node (");
});

test("a percentile is ruled out only where every kind of fault is beyond the bound, and a sum never", () => {
  const advised = [
    band("write-unavailability", ["primary"], 19, 23),
    band("write-unavailability", ["primary"], 1, 3, "switchover"),
  ];
  const mixed = {
    advised,
    faults: ["pause-node", "switchover"],
    roles: ["primary", "primary"],
    failing: null,
  } as const;
  const lost = {
    advised,
    faults: ["pause-node", "pause-node"],
    roles: ["primary", "primary"],
    failing: null,
  } as const;
  const median: Target = { ...below10, statistic: "median" };
  expect(foreseenOf(mixed, median)).toBeNull();
  expect(foreseenOf(lost, median)).toContain("Predicted 19-23 s");
  expect(foreseenOf(mixed)).toContain("Predicted 19-23 s");
  expect(foreseenOf(lost, { ...below10, statistic: "sum" })).toBeNull();
  expect(foreseenOf({ ...mixed, faults: ["switchover", "switchover"] })).toBeNull();
  expect(foreseenOf({ ...mixed, advised: [] })).toBeNull();
});

test("a victim of whose role nothing was predicted rules nothing out", () => {
  const advised = [band("write-unavailability", ["primary"], 19, 23)];
  const injected = { advised, faults: ["pause-node"], failing: null } as const;
  expect(foreseenOf({ ...injected, roles: ["asynchronous replica"] })).toBeNull();
  const replica = { ...injected, advised: [band("write-unavailability", ["synchronous standby"], 19, 23)] };
  expect(foreseenOf({ ...replica, roles: [] })).toBeNull();
});

test("a ttl above Patroni's floor is said as it is, and none where there is no Patroni", () => {
  const advised = [band("write-unavailability", ["primary"], 19, 23)];
  const injected = { advised, faults: ["pause-node"], roles: ["primary"], failing: null } as const;
  const timing = { ttl: 30, loopWait: 10, retryTimeout: 10, adjusted: [] };
  expect(foreseenOf({ ...injected, timing })).toContain("(frozen node) with ttl 30: T1-replica");
  expect(foreseenOf({ ...injected, timing: null })).toContain("(frozen node): T1-replica");
});

test("a band is said to a tenth of a second", () => {
  const advised = [band("write-unavailability", ["primary"], 10, 23.4)];
  expect(foreseenOf({ advised, faults: ["pause-node"], roles: ["primary"], failing: null })).toContain(
    "Predicted 10.0-23.4 s",
  );
});

test("rows that were lost were foreseen where replication is asynchronous", () => {
  const lostWrites: Target = { ...below10, id: "RPO-0", metric: "lost-writes", bound: { atMost: 0 } };
  const plan = planWith([], "primary of coordinators", [
    { id: "D5", title: "More clients than sessions" },
    { id: "RPO", title: "A failover may lose writes" },
  ]);
  const judged = { plan, measurements: measuredAs("primary") };
  expect(whyPredicted(lostWrites, failed(lostWrites, 3), judged)).toBe(
    "A failover may lose writes: so it is",
  );
  expect(whyPredicted(lostWrites, undefined, judged)).toBeNull();
  const synchronous = planWith([], "primary of coordinators", [
    { id: "D5", title: "More clients than sessions" },
  ]);
  expect(whyPredicted(lostWrites, failed(lostWrites, 3), { ...judged, plan: synchronous })).toBeNull();
});

test("connections that were not served were foreseen of the variant that the advice is on", () => {
  const served: Target = { ...below10, id: "T10", metric: "connections-served", bound: { atLeast: 1000 } };
  const findings = [
    { id: "RPO", title: "A failover may lose writes" },
    { id: "D5", title: "More clients than sessions" },
  ];
  const plan = planWith([], "primary of coordinators", findings);
  const measurements = measuredAs();
  const of = (title: string) => ({ ...failed(served, 300), of: title });
  expect(whyPredicted(served, of("all"), { plan, measurements })).toBe(
    "More clients than sessions: so it is",
  );
  expect(whyPredicted(served, undefined, { plan, measurements })).toBeNull();
  const pooled = withVariant(plan, "session pooling");
  expect(whyPredicted(served, of("session pooling: all"), { plan: pooled, measurements })).toBe(
    "More clients than sessions: so it is",
  );
  expect(whyPredicted(served, of("transaction pooling: all"), { plan: pooled, measurements })).toBeNull();
  const without = planWith([], "primary of coordinators", [
    { id: "RPO", title: "A failover may lose writes" },
  ]);
  expect(whyPredicted(served, of("all"), { plan: without, measurements })).toBeNull();
});

function withVariant(plan: RunPlan, name: string): RunPlan {
  return { ...plan, benchmark: { variants: [{ name }] } as unknown as RunPlan["benchmark"] };
}

interface Injected {
  readonly advised: readonly PredictedBand[];
  readonly faults: readonly string[];
  /** As measured, injection by injection. */
  readonly roles: readonly VictimRole[];
  readonly failing: string | null;
  readonly timing?: RunPlan["advice"]["timing"];
}

function foreseenOf({ advised, faults, roles, failing, timing }: Injected, target = below10): string | null {
  const plan = fakePlan(faults);
  const measurements = {
    injections: roles.map(
      (role, index) => ({ injection: index + 1, fault: faults[index], role }) as InjectionMeasurement,
    ),
  } as unknown as Measurements;
  const advice = {
    ...plan.advice,
    bands: advised,
    findings: [],
    ...(timing === undefined ? {} : { timing }),
  };
  const figure = failing === null ? undefined : { ...failed(target, 22), of: failing };
  return whyPredicted(target, figure, { plan: { ...plan, advice }, measurements });
}

function foreseen(target: Target, role: VictimRole | null, seconds: number | null): string | null {
  const figure = seconds === null ? undefined : failed(target, seconds);
  const measurements = role === null ? measuredAs() : measuredAs(role);
  return whyPredicted(target, figure, { plan: planWith(bands, "one replica of coordinators"), measurements });
}

function failed({ metric }: Target, seconds: number): NamedFigure {
  const figure = { kind: "value", value: seconds } as const;
  return { metric, of: "pause-node, injection 1", fault: "pause-node", figure, n: 1 };
}

function planWith(
  advised: readonly PredictedBand[],
  victim: RunPlan["injections"][number]["victim"],
  found: readonly { readonly id: string; readonly title: string }[] = [
    { id: "D13", title: "A hung server is out late" },
    { id: "D14", title: "Losing it stops all writes" },
  ],
): RunPlan {
  const plan = fakePlan(["pause-node"]);
  const rest = { severity: "risk", claim: "", truth: "so it is", mend: "", source: "" } as const;
  const findings = found.map((each) => ({ ...each, ...rest }));
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
  fault = "pause-node",
): PredictedBand {
  const failureClass: FailureClass = "node-pause";
  return { metric, fault, failureClass, roles, lowSeconds, highSeconds, terms: [] };
}
