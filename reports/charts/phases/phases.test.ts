import { expect, test } from "vitest";
import type { Figure, HopName } from "../../../harness/model/measurement.ts";
import { Footnotes } from "../../html/footnotes.ts";
import { fakeRun } from "../../run.fake.ts";
import type { Run } from "../../run.ts";
import { drawnSeries } from "../drawing/board.fake.ts";
import { collectPhases } from "./data.ts";
import { drawPhases } from "./draw.ts";
import { phases } from "./section.ts";

const LAST = collectPhases(fakeRun())!.hops.length - 1;

test("a hop that ended and is known within bounds has both of them, and does not say that it had not ended", () => {
  const between = withHop("first-success", { kind: "between", low: 0.4, high: 1.1 });
  expect(collectPhases(between)!.injections[0]!.hops[LAST]).toMatchObject({
    seconds: 0.4,
    atLeast: false,
    atMost: 1.1,
  });
  expect(drawn(between)).toEqual({ label: undefined, tooltip: "<b>0.40 s to 1.10 s</b>" });
  const open = withHop("first-success", { kind: "at-least", value: 0.4 });
  expect(drawn(open)).toEqual({ label: "not ended ▸", tooltip: "<b>at least 0.40 s</b>" });
});

test("a median says of how many injections the hop was seen", () => {
  const evidenceOf = (run: Run): (string | undefined)[] =>
    collectPhases(run)!.medians[0]!.hops.map(({ evidence }) => evidence);
  const count = fakeRun().measurements.faults[0]!.writeUnavailabilitySeconds.n;
  expect(new Set(evidenceOf(fakeRun()))).toEqual(new Set([`median of ${count} injections`]));
  const unseen = withHop("first-success", { kind: "withheld", reason: "nobody saw it" });
  expect(evidenceOf(unseen)[LAST]).toBe(
    `median of the ${count - 1} of ${count} injections in which it was seen`,
  );
});

test("hops that no failover has are left out", () => {
  const run = fakeRun();
  const { injections } = run.measurements;
  const ofWorkers = injections.map((one) => ({
    ...one,
    hops: one.hops.filter(({ hop }) => hop !== "proxy-up" && hop !== "pooler"),
  }));
  const data = collectPhases({ ...run, measurements: { ...run.measurements, injections: ofWorkers } })!;
  expect(data.hops).toHaveLength(LAST + 1 - 2);
  expect(data.medians[0]!.hops).toHaveLength(LAST + 1 - 2);
});

test("a worker's failover says how the coordinators come to know its new primary", () => {
  const way = (sharding: "fdw" | "citus", hops: readonly HopName[]): string => {
    const run = fakeRun();
    const { plan } = run.recording;
    const injections = run.measurements.injections.map((one) => ({
      ...one,
      hops: hops.map((hop) => ({
        hop,
        atUs: 1,
        tookSeconds: { kind: "value" as const, value: 1 },
        evidence: "",
      })),
    }));
    const page = phases(
      {
        ...run,
        recording: { ...run.recording, plan: { ...plan, topology: { ...plan.topology, sharding } } },
        measurements: { ...run.measurements, injections },
      },
      new Footnotes(),
    );
    return /moments that the observers saw:\s*(.*?)\s*<\/p>/s.exec(page!.markup)?.[1] ?? "";
  };
  const before = ["noticed", "lease-gone", "promoted"] as const;
  expect(way("citus", [...before, "coordinator-told", "first-success"])).toBe(
    "fault → noticed → lease gone → promoted → known by the coordinator → first success that lasted. Nothing stands between the coordinators and a worker; Patroni writes its new primary into their pg_dist_node, by which Citus finds it.",
  );
  expect(way("fdw", [...before, "first-success"])).toContain("postgres_fdw looks for it among the group");
  expect(way("fdw", [...before, "proxy-up", "pooler", "first-success"])).toBe(
    "fault → noticed → lease gone → promoted → proxy up → pooler → first success that lasted.",
  );
});

/** A hop of the first injection took so long. */
function withHop(name: HopName, tookSeconds: Figure): Run {
  const run = fakeRun();
  const injections = run.measurements.injections.map((one, index) =>
    index > 0
      ? one
      : { ...one, hops: one.hops.map((each) => (each.hop === name ? { ...each, tookSeconds } : each)) },
  );
  return { ...run, measurements: { ...run.measurements, injections } };
}

/** What the last hop of the first injection says of itself, which is the lowest bar. */
function drawn(run: Run): { label: string | undefined; tooltip: string | undefined } {
  const data = collectPhases(run)!;
  const series = drawnSeries((board) => drawPhases(data, board)).at(-1)!;
  const dataIndex = series.data.length - 1;
  const bar = series.data[dataIndex] as { value: number; label?: { formatter: string } };
  const tooltip = series.tooltip!.formatter({ dataIndex, value: bar.value });
  return { label: bar.label?.formatter, tooltip: /<b>.*<\/b>/.exec(tooltip)?.[0] };
}
