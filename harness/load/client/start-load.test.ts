import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { fakePlan } from "../../model/plan.fake.ts";
import type { ClusterEvent } from "../../model/event.ts";
import { HarnessError } from "../../model/errors.ts";
import type { LedgerReading } from "../../model/recording.ts";
import type { Sample, StreamName } from "../../model/sample.ts";
import { systemClock } from "../../support/system-clock.ts";
import type { Agent, LoadSink } from "./connect-agent.ts";
import { startLoad } from "./start-load.ts";

const SECOND = 1_000_000;

async function setting(overrides: Partial<Agent> = {}, signal = new AbortController().signal) {
  const recorded = { samples: [] as Sample[], events: [] as ClusterEvent[], ledgers: [] as LedgerReading[] };
  const brokenBy: HarnessError[] = [];
  let sink: LoadSink | undefined;
  let stops = 0;
  const agent: Agent = {
    clockOffset: { offsetUs: 0, uncertaintyUs: 0 },
    run: () => Promise.resolve([]),
    start: (_spec, given) => {
      sink = given;
      return Promise.resolve(0);
    },
    stop: () => Promise.resolve({ neverSent: (stops += 1) - 1 }),
    readIds: () => Promise.resolve({ rows: 2, present: [[1, 2]] }),
    startStage: () => Promise.reject(new Error("no stages here")),
    stopStage: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
    ...overrides,
  };
  const load = await startLoad({
    plan: fakePlan([]),
    agent,
    recording: {
      event: (event) => recorded.events.push(event),
      samples: (_stream, batch) => recorded.samples.push(...batch),
      ledger: (reading) => recorded.ledgers.push(reading),
    },
    clock: systemClock(),
    signal,
    onBroken: (error) => brokenBy.push(error),
  });
  return { load, sink: sink!, recorded, brokenBy, stops: () => stops };
}

function served(stream: StreamName, fromUs: number, untilUs: number): Parameters<LoadSink["samples"]> {
  const samples = Array.from({ length: (untilUs - fromUs) / 10_000 }, (_, index): Sample => {
    const intendedUs = fromUs + index * 10_000;
    return {
      id: 1 + index,
      intendedUs,
      startUs: intendedUs,
      endUs: intendedUs + 900,
      outcome: "ok",
      code: null,
    };
  });
  return [stream, samples, untilUs];
}

test("service is back when both probes were served, at the later of their ends", async () => {
  const { load, sink } = await setting();
  const waiting = load.waitUntilServed({ sinceUs: 0, lastingMs: 1000, budgetMs: 5000 });
  sink.samples(...served("write-probe", 0, 2 * SECOND));
  let told: number | null | undefined;
  void waiting.then((atUs) => (told = atUs));
  await delay(5);
  expect(told).toBeUndefined();
  sink.samples(...served("read-probe", 5000, 2 * SECOND + 5000));
  expect(await waiting).toBe(5900);
});

test("null when service does not come back within the budget", async () => {
  const { load } = await setting();
  expect(await load.waitUntilServed({ sinceUs: 0, lastingMs: 1000, budgetMs: 20 })).toBeNull();
});

test("a wait ends with the reason of its signal", async () => {
  const { load } = await setting();
  const abort = new AbortController();
  const waiting = load.waitUntilServed({ sinceUs: 0, lastingMs: 1000, budgetMs: 5000, signal: abort.signal });
  abort.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
});

test("an agent that is gone ends every wait and every further step", async () => {
  const { load, sink } = await setting();
  const waiting = load.waitUntilServed({ sinceUs: 0, lastingMs: 1000, budgetMs: 5000 });
  sink.broken(new HarnessError({ code: "agent-ended", message: "gone" }));
  await expect(waiting).rejects.toMatchObject({ code: "agent-ended" });
  expect(() => load.enterPhase("steady", null)).toThrow("gone");
  await expect(load.finish()).rejects.toMatchObject({ code: "agent-ended" });
});

test("whoever conducts is told once that the agent is gone", async () => {
  const { sink, brokenBy } = await setting();
  const gone = new HarnessError({ code: "agent-ended", message: "gone" });
  sink.broken(gone);
  sink.broken(gone);
  expect(brokenBy).toEqual([gone]);
});

test("an interrupt does not wait for a ledger or a load that does not answer", async () => {
  const silent = () => new Promise<never>(() => undefined);
  const abort = new AbortController();
  const { load } = await setting({ readIds: silent, stop: silent }, abort.signal);
  const waiting = [load.readLedgers(1), load.finish()];
  const reason = new Error("enough");
  abort.abort(reason);
  for (const each of waiting) await expect(each).rejects.toBe(reason);
});

test("finishing stops the load once, and reads every ledger for the last time", async () => {
  const { load, recorded, stops } = await setting();
  await load.readLedgers(3);
  await load.finish();
  await load[Symbol.asyncDispose]();
  expect(stops()).toBe(1);
  const tables = fakePlan([]).streams.flatMap(({ ledgerTable }) => ledgerTable ?? []);
  expect(recorded.ledgers.map(({ table, injection }) => [table, injection])).toEqual([
    ...tables.map((table) => [table, 3]),
    ...tables.map((table) => [table, null]),
  ]);
  expect(recorded.events.filter(({ kind }) => kind === "ledger-read")).toHaveLength(2 * tables.length);
});

test("a ledger that cannot be read at first is read again, and dated by the reading that succeeded", async () => {
  let tries = 0;
  const { load, recorded } = await setting({
    readIds: () =>
      ++tries === 1
        ? Promise.reject(new HarnessError({ code: "08P01", message: "server conn crashed" }))
        : Promise.resolve({ rows: 0, present: [] }),
  });
  await load.readLedgers(null);
  // A timer may fire a little before its time by another clock.
  expect(recorded.ledgers[0]?.atUs).toBeGreaterThan(490_000);
});

test("samples and health go to the recording as they arrive, and are counted", async () => {
  const { load, sink, recorded } = await setting();
  sink.samples(...served("write-probe", 0, SECOND));
  sink.event({
    kind: "agent-health",
    atUs: 1,
    lagP50Us: 1,
    lagP99Us: 2,
    lagMaxUs: 3,
    cpuShare: 0.1,
    neverSent: 0,
  });
  expect(recorded.samples).toHaveLength(100);
  expect(load.stats()).toEqual({
    operations: { ok: 100, failed: 0, unknown: 0 },
    writesServed: true,
    readsServed: null,
    lagP99Us: 2,
    cpuShare: 0.1,
  });
});
