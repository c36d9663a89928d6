import { describe, expect, test } from "vitest";
import type { Figure, LatencyMeasurement, LedgerMeasurement, NamedFigure } from "../model/measurement.ts";
import type { GroupPrimaries } from "../model/primaries.ts";
import type { Circuit } from "./circuit.ts";
import { fakeInjection } from "./injection.fake.ts";
import { type InjectionSamples, listFigures } from "./list-figures.ts";

const samples: InjectionSamples = {
  write: 50,
  read: 40,
  elsewhere: { write: 60, read: 70 },
  all: 200,
  neverSent: 0,
};
type Measured = Parameters<typeof listFigures>[0];

describe("the figures of an injection", () => {
  test("stand over the samples of the probe that they are of, or of all streams", () => {
    const elsewhere = { writeUnavailabilitySeconds: value(4), readUnavailabilitySeconds: value(5) };
    const injection = fakeInjection({ operationsUnknown: 3, operationsLate: 2, elsewhere });
    const figures = list({ injections: [injection] });
    expect(figures.map(({ metric, figure, n }) => [metric, figure, n]).slice(0, 13)).toEqual([
      ["write-unavailability", value(0), 50],
      ["read-unavailability", value(0), 40],
      ["write-unavailability-elsewhere", value(4), 60],
      ["read-unavailability-elsewhere", value(5), 70],
      ["time-to-full-redundancy", value(0), 1],
      ["failovers", value(0), 1],
      ["lost-writes", value(0), 200],
      ["lost-write-seconds", value(0), 200],
      ["failed-but-present", value(0), 200],
      ["two-primaries", value(0), 1],
      ["operations-failed", value(0), 200],
      ["operations-unknown", value(3), 200],
      ["operations-late", value(2), 200],
    ]);
    expect(figures[0]).toMatchObject({ of: "kill-node, injection 1", fault: "kill-node" });
  });

  test("hold of what failed what the client itself did not send: the cluster may have served it, or not", () => {
    const failed = (operationsFailed: number, neverSent: number, all = 200) =>
      list({ injections: [fakeInjection({ operationsFailed })] }, { ...samples, neverSent, all }).find(
        ({ metric }) => metric === "operations-failed",
      )?.figure;
    expect(failed(7, 0)).toEqual(value(7));
    expect(failed(7, 3)).toEqual({ kind: "between", low: 4, high: 7 });
    expect(failed(7, 8)).toEqual({ kind: "between", low: 0, high: 7 });
    expect(failed(0, 0, 0)).toEqual({ kind: "withheld", reason: "no operation was recorded" });
  });

  test("count no operations where none was recorded, which is not 0", () => {
    const figures = list({ injections: [fakeInjection()] }, { ...samples, all: 0 });
    const counted = figures.filter(({ metric }) => /^operations-(unknown|late)$/.test(metric));
    const withheld = { kind: "withheld", reason: "no operation was recorded" };
    expect(counted.map(({ figure }) => figure)).toEqual([withheld, withheld]);
  });

  test("have the circuit in front of its victim, where there is one", () => {
    const injections = [fakeInjection()];
    const circuit: Circuit = { open: value(7), closed: value(2) };
    const ofCircuit = (circuits: Circuit | null) =>
      list({ injections }, samples, [], circuits).flatMap(({ metric, figure, n }) =>
        metric.startsWith("circuit") ? [[metric, figure, n]] : [],
      );
    expect(ofCircuit(circuit)).toEqual([
      ["circuit-open", value(7), 1],
      ["circuit-closed", value(2), 1],
    ]);
    expect(ofCircuit(null)).toEqual([]);
    const standby = [fakeInjection({ role: "synchronous standby" })];
    const kinds = list({ injections: standby }, samples, [], circuit).flatMap(({ metric, kind }) =>
      metric.startsWith("circuit") ? [kind] : [],
    );
    expect(kinds).toEqual(["kill-node, synchronous standby", "kill-node, synchronous standby"]);
  });

  test("have each hop that it was cut into", () => {
    const hops = [{ hop: "promoted", atUs: 1, tookSeconds: value(3), evidence: "" }] as const;
    const figures = list({ injections: [fakeInjection({ hops })] });
    const found = figures.filter(({ metric }) => metric.startsWith("phase-"));
    expect(found).toMatchObject([{ metric: "phase-promoted", figure: value(3), n: 1 }]);
  });
});

describe("writes lost outside the injections' windows", () => {
  const write = ledger("write-probe", value(2));
  const orders = ledger("mix-insert-order", value(3));

  test("are those since the last injection, over all that were acknowledged", () => {
    expect(lost([write, orders], [write, orders])).toEqual([value(5), 200]);
  });

  test("are not known where a ledger was not read at the end, and none where there is no ledger", () => {
    expect(lost([write, orders], [orders])).toEqual([
      { kind: "withheld", reason: "the ledger of write-probe was not read at the end" },
      200,
    ]);
    expect(lost([], [])).toBeUndefined();
  });

  function lost(ledgers: readonly LedgerMeasurement[], since: readonly LedgerMeasurement[]) {
    const found = list({ ledgers }, samples, since).find(({ metric }) => metric === "lost-writes");
    return found && [found.figure, found.n];
  }
});

test("two primaries outside the windows are those before, between and after them, whatever their order", () => {
  const stretches = [stretch(0, 1), stretch(9, 11), stretch(59, 61), stretch(75, 76), stretch(95, 96)];
  const primaries: GroupPrimaries[] = [{ variant: "", group: "coordinators", watched: true, stretches }];
  const first = fakeInjection({ faultAtUs: 10e6, windowEndUs: 60e6 });
  const second = fakeInjection({ injection: 2, faultAtUs: 80e6, windowEndUs: 120e6 });
  const outside = (...injections: readonly (typeof first)[]) =>
    list({ injections, primaries }).find(
      ({ metric, of }) => metric === "two-primaries" && !of.includes("injection "),
    )?.figure;
  expect(outside(first, second)).toEqual(value(1000 + 1000 + 1000 + 1000));
  expect(outside(second, first)).toEqual(value(4000));
  expect(outside()).toEqual(value(7000));
  expect(list({}).some(({ metric }) => metric === "two-primaries")).toBe(false);
});

test("the latencies of the warm-up are not judged", () => {
  const figures = list({ latency: [latency("warmup"), latency("during")] });
  const p99s = figures.filter(({ metric }) => metric === "latency-p99");
  expect(p99s.map(({ of, n }) => [of, n])).toEqual([["write-probe, during", 100]]);
  expect(figures.find(({ metric }) => metric === "service-time-p99")?.n).toBe(90);
});

test("the schedule's lag is the last, over both probes", () => {
  expect(list({}).at(-1)).toMatchObject({ metric: "schedule-lag-p99", figure: value(1), n: 77 });
});

function list(
  measured: Partial<Measured>,
  behind = samples,
  sinceLastInjection: readonly LedgerMeasurement[] = [],
  circuit: Circuit | null = null,
): NamedFigure[] {
  const nothing: Measured = {
    injections: [],
    latency: [],
    ledgers: [],
    scheduleLagMs: { n: 77, p50: value(0.1), p99: value(1), max: value(2) },
    primaries: [],
    checks: [],
  };
  return listFigures(
    { ...nothing, ...measured },
    () => behind,
    sinceLastInjection,
    () => circuit,
  );
}

function ledger(stream: LedgerMeasurement["stream"], acknowledgedMissing: Figure): LedgerMeasurement {
  return {
    stream,
    table: "",
    acknowledged: 100,
    acknowledgedMissing,
    missingIds: [],
    failed: 0,
    failedButPresent: value(0),
    unknown: 0,
    unknownButPresent: value(0),
  };
}

function latency(part: LatencyMeasurement["part"]): LatencyMeasurement {
  const times = { p50: value(1), p95: value(2), p99: value(3), max: value(4) };
  return {
    stream: "write-probe",
    part,
    n: 100,
    outcomes: { ok: 90, failed: 10, unknown: 0 },
    latencyMs: times,
    withoutLatenessMs: times,
    serviceTimeMs: times,
  };
}

function stretch(from: number, to: number): GroupPrimaries["stretches"][number] {
  const both = ["a", "b"];
  return {
    fromUs: from * 1e6,
    toUs: to * 1e6,
    writable: both,
    unseen: [],
    able: both,
    perhapsAble: [],
    acknowledged: null,
  };
}

function value(number: number): Figure {
  return { kind: "value", value: number };
}
