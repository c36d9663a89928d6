import { expect, test } from "vitest";
import { conductPhases } from "./conduct-phases.ts";
import type { RunningLoad } from "../load/client/start-load.ts";
import { fakeFaultTools, type Behave } from "../model/capabilities.fake.ts";
import { fakeClock } from "../model/clock.fake.ts";
import { HarnessError } from "../model/errors.ts";
import type { ClusterEvent } from "../model/event.ts";
import { layOut } from "../cluster/components/lay-out.ts";
import { fakePlan } from "../model/plan.fake.ts";
import { fakeSqlRunner } from "../model/sql-runner.fake.ts";
import { viewAfter } from "../observe/client/cluster-view.fake.ts";
import { redundancyGaps } from "../cluster/redundancy.ts";
import type { LoadedCluster } from "./run-context.ts";
import { quietProgress } from "../model/progress.fake.ts";

const unreadable = new HarnessError({ code: "ledger-unreadable", message: "nothing answers" });

/** Phases on a cluster of fakes: `behave` decides how it takes its faults, `load` what the probes and ledgers say. */
async function conduct(faults: readonly string[], behave: Behave, changes: Partial<RunningLoad> = {}) {
  const clock = fakeClock();
  const plan = fakePlan(faults);
  const { topology } = plan;
  const layout = layOut(topology);
  const view = viewAfter(layout);
  expect(redundancyGaps(topology, layout, view)).toEqual([]);
  const tools = fakeFaultTools({ clock, view, behave, tookMs: 5 });
  const events: ClusterEvent[] = [];
  const readings: (number | null)[] = [];
  const load: RunningLoad = {
    enterPhase: () => undefined,
    readLedgers: (injection) => Promise.resolve(void readings.push(injection)),
    waitUntilServed: () => Promise.resolve(clock.nowUs()),
    stats: () => {
      throw new Error("not asked here");
    },
    finish: () => Promise.resolve(void readings.push(null)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
    ...changes,
  };
  const setting: LoadedCluster = {
    plan,
    cluster: {
      layout,
      topology,
      tools,
      agent: fakeSqlRunner({ clock, tookMs: 5, answer: () => [] }),
    },
    load,
    askCopies: null,
    clock,
    signal: new AbortController().signal,
    progress: quietProgress,
    recording: {
      directory: "nowhere",
      event: (event) => void events.push(event),
      samples: () => undefined,
      ledger: () => undefined,
      stageBegun: () => undefined,
      stageSecond: () => undefined,
      stageSamples: () => undefined,
      stageAnswers: () => undefined,
      exactAnswers: () => undefined,
      stageSeconds: () => [],
      stageEnded: () => undefined,
      resources: () => undefined,
      statements: () => undefined,
      invariants: () => undefined,
      placements: () => undefined,
      copyAnswers: () => undefined,
      environment: () => undefined,
      file: () => Promise.resolve(),
      finish: () => Promise.resolve(),
    },
  };
  const conducting = conductPhases(setting);
  let failure: unknown = null;
  conducting.catch((error: unknown) => (failure = error));
  await clock.run();
  const moments = events.flatMap((event) =>
    event.kind === "injection" ? [`${event.injection} ${event.moment}`] : [],
  );
  const notes = events.flatMap((event) => (event.kind === "note" ? [event.text] : []));
  return { failure, moments, notes, readings, calls: tools.calls };
}

const works: Behave = () => "works";

test("every injection is carried out and every ledger read, the last time at the end", async () => {
  const { failure, readings, notes } = await conduct(["kill-node", "pause-node"], works);
  expect(failure).toBeNull();
  expect(readings).toEqual([1, 2, null]);
  expect(notes).toEqual([]);
});

test("a cluster whose service does not come back is healed, and hurt again once its redundancy is back", async () => {
  let asked = 0;
  const waitUntilServed = () => Promise.resolve(++asked === 2 ? null : 1);
  const { failure, moments, notes, calls } = await conduct(["kill-node", "pause-node"], works, {
    waitUntilServed,
  });
  expect(failure).toBeNull();
  expect(moments).not.toContain("1 recovered");
  expect(moments).toContain("1 healed");
  expect(moments).toContain("2 recovered");
  expect(calls).toContain("start coordinator-1");
  expect(notes).toEqual(["Injection 1 (kill-node): service did not come back within its budget."]);
});

test("a cluster that never gets its redundancy back is hurt no more, and the run goes on to its end", async () => {
  const { failure, moments, notes, readings } = await conduct(["kill-node", "pause-node"], (step) =>
    step.includes("full redundancy after healing") ? "hangs" : "works",
  );
  expect(failure).toBeNull();
  expect(moments.at(-1)).toBe("1 failed");
  expect(notes[0]).toMatch(
    /^Injection 1 \(kill-node\): .*full redundancy after healing.*Nothing more is injected\.$/,
  );
  expect(readings).toEqual([1, null]);
});

test("ledgers that a broken cluster does not give back become notes", async () => {
  const { failure, notes } = await conduct(["kill-node"], works, {
    readLedgers: () => Promise.reject(unreadable),
    finish: () => Promise.reject(unreadable),
  });
  expect(failure).toBeNull();
  expect(notes).toEqual([
    "Ledgers could not be read after injection 1: nothing answers",
    "Ledgers could not be read at the end: nothing answers",
  ]);
});

test("what else goes wrong with the ledgers is dpg-bench's own failure", async () => {
  const gone = new HarnessError({ code: "agent-ended", message: "gone" });
  const { failure } = await conduct(["kill-node"], works, { readLedgers: () => Promise.reject(gone) });
  expect(failure).toBe(gone);
});

test("a cluster that lost its redundancy by itself is not hurt", async () => {
  const { failure, moments, notes } = await conduct(["kill-node"], (step) =>
    step.includes("before the injection") ? "hangs" : "works",
  );
  expect(failure).toBeNull();
  expect(moments).toEqual([]);
  expect(notes[0]).toContain("full redundancy before the injection");
});

test("a cluster that does not serve beforehand is not hurt", async () => {
  const { failure, moments, notes } = await conduct(["kill-node"], works, {
    waitUntilServed: () => Promise.resolve(null),
  });
  expect(failure).toBeNull();
  expect(moments).toEqual([]);
  expect(notes).toEqual([
    "Injection 1 (kill-node): the probes were not served before the fault. Nothing more is injected.",
  ]);
});
