import { expect, test } from "vitest";
import { fakeRecording } from "../model/recording.fake.ts";
import { checkSafety } from "./check-safety.ts";

const served = { fault: "kill-node", writeOutageSeconds: 3 };

test("a known loss is found in its own injection's window, and once in the whole", () => {
  const recording = fakeRecording({ injections: [served, { ...served, lostRows: 7 }, served] });
  const { byInjection, whole } = checkSafety(recording);
  const lost = byInjection.map(({ ledgers }) => ledgers[0]?.acknowledgedMissing);
  expect(lost).toEqual([
    { kind: "value", value: 0 },
    { kind: "value", value: 7 },
    { kind: "value", value: 0 },
  ]);
  expect(whole[0]?.acknowledgedMissing).toEqual({ kind: "value", value: 7 });
  expect(whole[0]?.missingIds).toHaveLength(7);
});

test("windows add up to the acknowledged writes of the whole", () => {
  const { byInjection, whole } = checkSafety(fakeRecording({ injections: [served, served] }));
  const windows = byInjection.reduce((total, { ledgers }) => total + (ledgers[0]?.acknowledged ?? 0), 0);
  expect(windows).toBeGreaterThan(0);
  // The rest was acknowledged after the last injection's reading, in its recovery phase.
  expect(whole[0]!.acknowledged - windows).toBeGreaterThan(0);
});

test("what was lost after the last injection's reading is told apart, stream by stream", () => {
  const recording = fakeRecording({ injections: [{ ...served, lostRows: 3 }] });
  const first = recording.samples.get("write-probe")!.find(({ outcome }) => outcome === "ok")!;
  const gone = recording.ledgers.map((reading) =>
    reading.injection === null && reading.stream === "write-probe"
      ? {
          ...reading,
          present: reading.present.map(([from, to]) => [Math.max(from, first.id + 1), to] as const),
        }
      : reading,
  );
  // Whatever the order in which they were written down.
  const { sinceLastInjection } = checkSafety({ ...recording, ledgers: gone.toReversed() });
  expect(sinceLastInjection.map(({ table, missingIds }) => [table, missingIds])).toEqual([
    ["dpg_ledger", [first.id]],
    ["orders", []],
  ]);
  const unread = recording.ledgers.filter(({ injection }) => injection !== null);
  expect(checkSafety({ ...recording, ledgers: unread }).sinceLastInjection).toEqual([]);
});

test("readings count in order of time, whatever the order in which they were written down", () => {
  const recording = fakeRecording({ injections: [served, { ...served, lostRows: 7 }, served] });
  const lost = (ledgers: typeof recording.ledgers) =>
    checkSafety({ ...recording, ledgers }).byInjection.map(({ ledgers: [own] }) => own?.acknowledgedMissing);
  expect(lost(recording.ledgers.toReversed())).toEqual(lost(recording.ledgers));
  expect(lost(recording.ledgers)[1]).toEqual({ kind: "value", value: 7 });
});

test("a stream of which nothing was recorded has lost nothing", () => {
  const recording = fakeRecording({ injections: [served] });
  const { byInjection, whole } = checkSafety({ ...recording, samples: new Map() });
  expect(byInjection[0]?.ledgers.map(({ acknowledged }) => acknowledged)).toEqual([0, 0]);
  expect(whole.map(({ acknowledgedMissing }) => acknowledgedMissing)).toEqual([
    { kind: "value", value: 0 },
    { kind: "value", value: 0 },
  ]);
});

test("an injection whose ledger was not read has no entry", () => {
  const { byInjection, whole } = checkSafety(fakeRecording({ injections: [served, served], diesAfter: 1 }));
  expect(byInjection.map(({ injection }) => injection)).toEqual([1]);
  expect(whole.map(({ table }) => table)).toEqual(["dpg_ledger", "orders"]);
});

test("two primaries of known length are found, and that the old one could acknowledge nothing", () => {
  const recording = fakeRecording({ injections: [{ ...served, twoPrimariesMs: 250 }] });
  const [coordinators] = checkSafety(recording).primaries;
  const [only, ...others] = coordinators!.stretches;
  expect(others).toEqual([]);
  expect(only!.toUs - only!.fromUs).toBe(250_000);
  expect(only).toMatchObject({
    writable: ["coordinator-1", "coordinator-3"],
    unseen: [],
    able: ["coordinator-3"],
    perhapsAble: [],
    acknowledged: [{ server: "coordinator-3", timeline: 2 }],
  });
});
