import { describe, expect, test } from "vitest";
import { checkSafety } from "../check/check-safety.ts";
import { measure } from "../measure/measure.ts";
import { fakeBenchmarkRecording } from "../model/benchmark-recording.fake.ts";
import { fakeAddress } from "../model/event.fake.ts";
import type { ClusterEvent, EventOf } from "../model/event.ts";
import { COORDINATORS } from "../model/layout.ts";
import { asBefore } from "../model/postgres-states.fake.ts";
import { fakeRecording } from "../model/recording.fake.ts";
import type { Recording } from "../model/recording.ts";
import { judge } from "./judge.ts";

/** In the steady phase, from 20 s to 26 s: coordinator-2 is promoted by hand, and then stopped. */
const promotedByHand: readonly ClusterEvent[] = [
  state(20e6, "coordinator-2", { inRecovery: false }),
  says(20e6, "coordinator-2", 0),
  { ...state(26e6, "coordinator-2", { inRecovery: null }), absence: { why: "refused" } },
];
const asynchronous = says(5e6, "coordinator-1", 0);

test("a standby promoted by hand in the steady phase of an asynchronous cluster fails it: both, when, and what each acknowledged", () => {
  const verdict = judged(withEvents(healthy(), [asynchronous, ...promotedByHand]));
  expect(verdict.outcome).toBe("fail");
  expect(outcomes(verdict)).toEqual({ "SPLIT-BRAIN": "fail", "SPLIT-BRAIN-WRITES": "pass" });
  expect(verdict.targets.find(({ target }) => target.id === "SPLIT-BRAIN")?.sentence).toBe(
    "Time with two primaries that could acknowledge was 6,000 ms (coordinators: coordinator-1 and coordinator-2, " +
      "from 0:20.000 to 0:26.000; write probes acknowledged meanwhile: 600 by coordinator-1 on timeline 1, " +
      "none by coordinator-2); SPLIT-BRAIN promises at most 0 ms.",
  );
});

test("that fails a scenario without targets too, which else promises nothing", () => {
  const bare = { ...healthy(), plan: { ...healthy().plan, targets: [] } };
  expect(judged(bare).outcome).toBe("unknown");
  expect(judged(withEvents(bare, [asynchronous, ...promotedByHand])).outcome).toBe("fail");
});

test("that fails a benchmark too", () => {
  const benchmark = fakeBenchmarkRecording();
  const during = promotedByHand.map((event) => ({ ...event, atUs: event.atUs - 8e6 }));
  const early = { ...asynchronous, atUs: 7e6 };
  expect(outcomes(judged(benchmark))).toEqual({ "SPLIT-BRAIN": "pass" });
  expect(outcomes(judged(withEvents(benchmark, [early, ...during])))).toEqual({ "SPLIT-BRAIN": "fail" });
});

describe("an old primary that wakes", () => {
  const woken = fakeRecording({
    injections: [{ fault: "pause-node", writeOutageSeconds: 3, twoPrimariesMs: 200 }],
  });

  test("and can acknowledge nothing fails nothing, and is measured", () => {
    const { figures } = measure(woken, checkSafety(woken));
    expect(outcomes(judged(woken))).toEqual({ "SPLIT-BRAIN": "pass", "SPLIT-BRAIN-WRITES": "pass" });
    const beside = figures.filter(({ metric }) => metric === "two-primaries").map(({ figure }) => figure);
    expect(beside).toEqual([
      { kind: "value", value: 290 },
      { kind: "value", value: 0 },
    ]);
  });

  test("and waits for no standby fails the run", () => {
    const events = woken.events.map((event) =>
      event.kind === "replication-state" ? { ...event, commitsWaitFor: 0 } : event,
    );
    expect(outcomes(judged({ ...woken, events }))).toMatchObject({ "SPLIT-BRAIN": "fail" });
  });
});

describe("writes that a second primary acknowledged", () => {
  test("fail the run, and are counted by server and timeline", () => {
    const recording = healthy();
    const stray = { timeline: 1, address: fakeAddress("coordinator-1") };
    const next = { timeline: 2, address: fakeAddress("coordinator-2") };
    const verdict = judged(
      withAcknowledgements(recording, (id) => (id > 1000 && id % 10 !== 0 ? next : stray)),
    );
    expect(outcomes(verdict)).toMatchObject({ "SPLIT-BRAIN-WRITES": "fail" });
    expect(verdict.targets.find(({ target }) => target.id === "SPLIT-BRAIN-WRITES")?.sentence).toMatch(
      /^Writes acknowledged by a second primary were \d+ writes .* by coordinator-1 on timeline 1/,
    );
  });

  test("are not known where the writes do not say who acknowledged them", () => {
    expect(outcomes(judged(withAcknowledgements(healthy(), () => undefined)))).toEqual({
      "SPLIT-BRAIN": "pass",
      "SPLIT-BRAIN-WRITES": "unknown",
    });
  });
});

test("a member that was not seen beside an asynchronous primary leaves it undecided, and says who and when", () => {
  const unseen: ClusterEvent = {
    ...state(20e6, "coordinator-3", { inRecovery: null }),
    absence: { why: "silent", seenUs: 19.5e6 },
  };
  const recording = withEvents(healthy(), [asynchronous, unseen]);
  const verdict = judged(recording);
  expect(outcomes(verdict)["SPLIT-BRAIN"]).toBe("unknown");
  const said = "coordinator-3 was not seen from 0:19.500";
  expect(verdict.targets.find(({ target }) => target.id === "SPLIT-BRAIN")?.sentence).toContain(said);
  expect(measure(recording, checkSafety(recording)).gaps.join()).toContain(
    `A second primary of coordinators may have been missed: ${said}`,
  );
});

test("an observer that stood still leaves undecided what a standby was that another process answers for afterwards", () => {
  const back = state(20.05e6, "coordinator-2", { inRecovery: true });
  const server = { startedUs: 17e6, address: fakeAddress("coordinator-2"), receivesFrom: "coordinator-1" };
  const frozen: ClusterEvent = { kind: "observer-stood-still", fromUs: 10e6, atUs: 20e6 };
  const outcomeOf = (more: readonly ClusterEvent[]) =>
    judged(withEvents(healthy(), [asynchronous, ...more])).targets.find(
      ({ target }) => target.id === "SPLIT-BRAIN",
    );
  expect(outcomeOf([frozen])?.outcome).toBe("pass");
  const restarted = outcomeOf([frozen, { ...back, server }]);
  expect(restarted?.outcome).toBe("unknown");
  expect(restarted?.sentence).toContain("coordinator-2 was not seen from 0:10.000 to 0:17.000");
});

test("an older recording passes where all members were seen, and is unknown once a frozen primary wakes", () => {
  const asOld = (recording: Recording): Recording => ({
    ...recording,
    events: recording.events.map(asBefore),
  });
  expect(outcomes(judged(asOld(healthy())))["SPLIT-BRAIN"]).toBe("pass");
  const frozen = fakeRecording({ injections: [{ fault: "pause-node", writeOutageSeconds: 3 }] });
  expect(outcomes(judged(asOld(frozen)))["SPLIT-BRAIN"]).toBe("unknown");
});

test("failovers of every kind, of a cluster that keeps its promises, are no split brain", () => {
  expect(outcomes(judged(fakeRecording()))).toEqual({ "SPLIT-BRAIN": "pass", "SPLIT-BRAIN-WRITES": "pass" });
});

function healthy(): Recording {
  return fakeRecording({ injections: [{ fault: "crash-postgres", writeOutageSeconds: 1, inPlace: true }] });
}

function judged(recording: Recording) {
  const measurements = measure(recording, checkSafety(recording));
  return judge({ plan: recording.plan, measurements, end: recording.end });
}

function outcomes({ targets }: ReturnType<typeof judge>): Record<string, string> {
  const own = targets.filter(({ target }) => target.id.startsWith("SPLIT-BRAIN"));
  return Object.fromEntries(own.map(({ target, outcome }) => [target.id, outcome]));
}

/** In order of time; of those at the same moment, the added ones last. */
function withEvents(recording: Recording, more: readonly ClusterEvent[]): Recording {
  const known = recording.events.filter(
    (event) => event.kind !== "replication-state" || !more.includes(asynchronous),
  );
  return { ...recording, events: [...known, ...more].sort((a, b) => a.atUs - b.atUs) };
}

function withAcknowledgements(
  recording: Recording,
  by: (id: number) => { readonly timeline: number; readonly address: string } | undefined,
): Recording {
  const writes = [...(recording.samples.get("write-probe") ?? [])].map((sample) => {
    const { acknowledgedBy: _before, ...rest } = sample;
    const acknowledgedBy = by(sample.id);
    return sample.outcome === "ok" && acknowledgedBy !== undefined ? { ...rest, acknowledgedBy } : rest;
  });
  return { ...recording, samples: new Map([...recording.samples, ["write-probe", writes]]) };
}

function state(
  atUs: number,
  member: string,
  { inRecovery }: { readonly inRecovery: boolean | null },
): EventOf<"postgres-state"> {
  const reachable = inRecovery !== null;
  const server = { startedUs: 5_000_000, address: fakeAddress(member), receivesFrom: null };
  return {
    ...{ kind: "postgres-state", atUs, group: COORDINATORS, member, reachable, inRecovery, timeline: 2 },
    server: reachable ? server : null,
  };
}

function says(atUs: number, primary: string, commitsWaitFor: number): ClusterEvent {
  return {
    ...{ kind: "replication-state", atUs, group: COORDINATORS, primary, commitsWaitFor },
    ...{ streaming: [], synchronous: [] },
  };
}
