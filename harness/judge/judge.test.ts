import { describe, expect, test } from "vitest";
import { checkSafety } from "../check/check-safety.ts";
import { measure } from "../measure/measure.ts";
import { fakeRecording, type FakeRecordingOptions } from "../model/recording.fake.ts";
import { judge } from "./judge.ts";

test("a crash within 10 s keeps T1 and nothing lost keeps RPO-0", () => {
  const verdict = judged({ injections: [{ fault: "crash-postgres", writeOutageSeconds: 1.7 }] });
  expect(verdict.outcome).toBe("pass");
  expect(verdict.sentence).toBe("All 2 targets were met.");
  expect(verdict.targets.map(({ foreseen }) => foreseen)).toEqual([null, null]);
});

test("a lost node fails T1 with the worst figure, its fault and its injection, and it was foreseen", () => {
  const verdict = judged({
    injections: [
      { fault: "crash-postgres", writeOutageSeconds: 1.7 },
      { fault: "kill-node", writeOutageSeconds: 20.1 },
      { fault: "kill-node", writeOutageSeconds: 22.9 },
    ],
  });
  const [t1] = verdict.targets;
  expect(verdict.outcome).toBe("fail");
  expect(t1?.sentence).toBe(
    "Unavailability for writes after kill-node was 22.9 s in injection 3; T1 promises below 10 s.",
  );
  expect(t1?.foreseen).toBe(
    "Predicted 19-27 s for kill-node (node loss) with ttl 20, Patroni's floor: T1 (below 10 s) cannot be met by kill-node.",
  );
  expect(t1?.evidence.map(({ of }) => of)).toEqual([
    "kill-node, injection 3",
    "kill-node, injection 2",
    "crash-postgres, injection 1",
  ]);
  expect(verdict.sentence).toMatch(
    /^1 of 2 targets was missed \(T1\): Unavailability for writes after kill-node/,
  );
});

test("a lost row fails RPO-0, and the sentence says where most of the loss was", () => {
  const verdict = judged({
    injections: [
      { fault: "crash-postgres", writeOutageSeconds: 1.7 },
      { fault: "crash-postgres", writeOutageSeconds: 1.7, lostRows: 7 },
    ],
  });
  expect(verdict.targets[1]?.outcome).toBe("fail");
  expect(verdict.targets[1]?.sentence).toContain("were 7 rows");
  expect(verdict.targets[1]?.sentence).toContain("most of it in crash-postgres, injection 2");
});

test("a cluster that never recovers fails by the time it was watched", () => {
  const verdict = judged({ injections: [{ fault: "kill-node", writeOutageSeconds: Infinity }] });
  expect(verdict.targets[0]?.outcome).toBe("fail");
  expect(verdict.targets[0]?.sentence).toContain("was at least ");
  // Nobody read the ledger afterwards: that nothing was lost is not known.
  expect(verdict.targets[1]?.outcome).toBe("unknown");
});

describe("too little to pass", () => {
  const crash = { fault: "crash-postgres", writeOutageSeconds: 1.7 };

  test("fewer injections than planned are unknown", () => {
    const verdict = judged({ injections: [crash, crash], diesAfter: 1 });
    expect(verdict.outcome).toBe("unknown");
    expect(verdict.targets[0]?.sentence).toContain("only 1 of 2 planned injections were carried out");
  });

  test("a failure stands, however incomplete the recording is", () => {
    const verdict = judged({
      injections: [{ fault: "kill-node", writeOutageSeconds: 22 }, crash],
      diesAfter: 1,
    });
    expect(verdict.targets[0]?.outcome).toBe("fail");
  });

  test("a recording without an end marker is at best unknown", () => {
    const recording = fakeRecording({ injections: [crash] });
    const measurements = measure(recording, checkSafety(recording));
    const end = { kind: "incomplete", reason: "killed" } as const;
    expect(judge({ plan: recording.plan, measurements, end }).outcome).toBe("unknown");
  });

  test("a target without figures is unknown", () => {
    const recording = fakeRecording({ injections: [] });
    const verdict = judge({
      plan: recording.plan,
      measurements: { ...measure(recording, checkSafety(recording)), figures: [] },
      end: recording.end,
    });
    expect(verdict.targets.map(({ outcome }) => outcome)).toEqual(["unknown", "unknown"]);
    expect(verdict.targets[0]?.sentence).toContain("nothing was measured");
  });

  test("a client that did not keep its schedule passes nothing that is measured in time", () => {
    const recording = fakeRecording({ injections: [crash] });
    const measurements = measure(recording, checkSafety(recording));
    const late = {
      ...measurements,
      scheduleLagMs: { ...measurements.scheduleLagMs, p99: { kind: "value", value: 80 } as const },
    };
    const verdict = judge({ plan: recording.plan, measurements: late, end: recording.end });
    expect(verdict.targets.map(({ outcome }) => outcome)).toEqual(["unknown", "pass"]);
  });

  test("a scenario without targets promises nothing", () => {
    expect(judged({ injections: [crash], plan: { targets: [] } }).outcome).toBe("unknown");
  });
});

function judged(options: FakeRecordingOptions) {
  const recording = fakeRecording(options);
  return judge({
    plan: recording.plan,
    measurements: measure(recording, checkSafety(recording)),
    end: recording.end,
  });
}

test("a ledger that was not read at the end leaves RPO-0 undecided: later rows were never looked for", () => {
  const recording = fakeRecording({ injections: [{ fault: "crash-postgres", writeOutageSeconds: 1.7 }] });
  const unread = { ...recording, ledgers: recording.ledgers.filter(({ injection }) => injection !== null) };
  const { targets } = judge({
    plan: unread.plan,
    measurements: measure(unread, checkSafety(unread)),
    end: unread.end,
  });
  const rpo = targets.find(({ target }) => target.id === "RPO-0");
  expect(rpo?.outcome).toBe("unknown");
  expect(rpo?.evidence.map(({ figure }) => figure)).toContainEqual({
    kind: "withheld",
    reason: "the ledger of write-probe, mix-insert-order was not read at the end",
  });
});

test("a target may bound one figure of a metric by its name", () => {
  const recording = fakeRecording({ quick: true });
  const target = {
    id: "OURS",
    title: "p50 of writes before the faults",
    metric: "latency-p50",
    of: "write-probe, before",
    statistic: "each",
    bound: { below: 1000 },
    source: "test",
  } as const;
  const plan = { ...recording.plan, targets: [target] };
  const measurements = measure(recording, checkSafety(recording));
  const [verdict] = judge({ plan, measurements, end: recording.end }).targets;
  expect(verdict?.evidence.map(({ of }) => of)).toEqual(["write-probe, before"]);
});
