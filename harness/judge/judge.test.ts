import { describe, expect, test } from "vitest";
import { checkSafety } from "../check/check-safety.ts";
import { measure } from "../measure/measure.ts";
import { fakeRecording, type FakeRecordingOptions } from "../model/recording.fake.ts";
import type { ClusterEvent } from "../model/event.ts";
import type { Recording } from "../model/recording.ts";
import type { Sample } from "../model/sample.ts";
import { withFrozenClient, withOutage } from "../model/samples.fake.ts";
import type { Measurements, NamedFigure } from "../model/measurement.ts";
import { fakePlan } from "../model/plan.fake.ts";
import type { Target } from "../model/target.ts";
import type { TargetVerdict } from "../model/verdict.ts";
import { builtInTargets } from "./built-in-targets.ts";
import { judge } from "./judge.ts";
import type { Judged } from "./judged.ts";

test("a crash within 10 s keeps T1 and nothing lost keeps RPO-0", () => {
  const verdict = judged({ injections: [{ fault: "crash-postgres", writeOutageSeconds: 1.7 }] });
  expect(verdict.outcome).toBe("pass");
  expect(verdict.sentence).toBe("All 5 targets were met.");
  expect(verdict.targets.map(({ foreseen }) => foreseen)).toEqual([null, null, null, null, null]);
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
    "Predicted 19.3-26.6 s for kill-node (node loss) with ttl 20, Patroni's floor: T1 (below 10 s) cannot be met by kill-node.",
  );
  expect(t1?.evidence.map(({ of }) => of)).toEqual([
    "kill-node, injection 3",
    "kill-node, injection 2",
    "crash-postgres, injection 1",
  ]);
  expect(verdict.sentence).toMatch(
    /^1 of 5 targets was missed \(T1\): Unavailability for writes after kill-node/,
  );
});

test("a time that was missed while the machine was full says that, and lost rows do not", () => {
  const { plan, end, ...recording } = fakeRecording({
    injections: [{ fault: "kill-node", writeOutageSeconds: 20.1, lostRows: 2 }],
  });
  const whole = { plan, end, ...recording };
  const measured = measure(whole, checkSafety(whole));
  const full = {
    resource: "CPU of the machine",
    utilisation: 0.97,
    evidence: "1.94 of 2 cores busy on average (97 %)",
  };
  const stretches = [{ of: "kill-node, injection 1", bottlenecks: [full] }];
  const { targets } = judge({ plan, end, measurements: { ...measured, stretches } });
  const sentences = targets.filter(({ outcome }) => outcome === "fail").map(({ sentence }) => sentence);
  expect(sentences[0]).toBe(
    "Unavailability for writes after kill-node was 20.1 s in injection 1; T1 promises below 10 s. " +
      "Meanwhile the CPU of the machine was full: 1.94 of 2 cores busy on average (97 %).",
  );
  expect(sentences[1]).not.toContain("Meanwhile");
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

describe("a scenario that says nothing of lost writes", () => {
  const [t1] = fakePlan([]).targets;
  const crash = { fault: "crash-postgres", writeOutageSeconds: 1.7 };
  const rpoOf = ({ targets }: { readonly targets: readonly TargetVerdict[] }) =>
    targets.find(({ target }) => target.id === "RPO");

  test("fails where acknowledged rows are gone, and names the injection", () => {
    const verdict = judged({ injections: [{ ...crash, lostRows: 5 }], plan: { targets: [t1!] } });
    expect(verdict.outcome).toBe("fail");
    expect(rpoOf(verdict)?.sentence).toBe(
      "Acknowledged writes lost after crash-postgres were 5 rows in injection 1; RPO promises at most 0 rows.",
    );
    expect(judged({ injections: [{ ...crash, lostRows: 5 }], plan: { targets: [] } }).outcome).toBe("fail");
  });

  test("passes where all were found, and is undecided where a ledger was not read", () => {
    expect(rpoOf(judged({ injections: [crash], plan: { targets: [t1!] } }))?.outcome).toBe("pass");
    const recording = fakeRecording({ injections: [crash], plan: { targets: [t1!] } });
    const rpo = rpoOf(judgedOf({ ...recording, ledgers: [] }));
    expect(rpo?.outcome).toBe("unknown");
    expect(rpo?.sentence).toContain("crash-postgres, injection 1: 2 of 2 ledgers were not read");
  });
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

  test("a client that did not keep its schedule passes no latency", () => {
    const target = {
      id: "L",
      title: "p50 of writes before the faults",
      metric: "latency-p50",
      of: "write-probe, before",
      statistic: "each",
      bound: { below: 1000 },
      source: "test",
    } as const;
    const recording = fakeRecording({ injections: [crash], plan: { targets: [target] } });
    const measurements = measure(recording, checkSafety(recording));
    const late = {
      ...measurements,
      scheduleLagMs: { ...measurements.scheduleLagMs, p99: { kind: "value", value: 80 } as const },
    };
    const verdict = judge({ plan: recording.plan, measurements: late, end: recording.end });
    expect(verdict.targets[0]?.outcome).toBe("unknown");
    expect(verdict.targets[0]?.sentence).toContain("the client did not keep its schedule");
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

describe("a client that itself stood still", () => {
  const phases = { warmupSeconds: 5, steadySeconds: 15, recoverySeconds: 20 };
  const crash = { fault: "crash-postgres", writeOutageSeconds: 1 };

  /** The agent is frozen for so long, from so long after the first fault on. */
  function frozenFor(seconds: number, injection = crash, afterSeconds = 0.7) {
    const recording = fakeRecording({ injections: [injection], plan: { phases } });
    const fromUs = faultAt(recording) + afterSeconds * 1e6;
    return judgedOf(
      changed(recording, (own) => withFrozenClient(own, { fromUs, toUs: fromUs + seconds * 1e6 })),
    );
  }

  test("for 12 s of a crash that was served again after 1 s neither kept T1 nor missed it", () => {
    const { outcome, targets } = frozenFor(12);
    expect(outcome).toBe("unknown");
    expect(targets[0]?.outcome).toBe("unknown");
    expect(targets[0]?.sentence).toBe(
      "Unavailability for writes: not decided, because crash-postgres, injection 1: between 0.69 s and 12.7 s, since " +
        "the client itself stood still for a time and did not look. T1 promises below 10 s.",
    );
  });

  test("for 5 s of it kept T1: at most 5.7 s can have gone unserved", () => {
    const { outcome, targets } = frozenFor(5);
    expect(outcome).toBe("pass");
    expect(targets[0]?.sentence).toBe(
      "Unavailability for writes after crash-postgres was between 0.69 s and 5.69 s in injection 1 at worst; T1 promises below 10 s.",
    );
  });

  test("for 5 s of a lost node that was away for 22.9 s failed T1 all the same", () => {
    const { targets } = frozenFor(5, { fault: "kill-node", writeOutageSeconds: 22.9 }, 8);
    expect(targets[0]?.outcome).toBe("fail");
    expect(targets[0]?.sentence).toContain(
      "was between 16.9 s and 22.9 s in injection 1; T1 promises below 10 s",
    );
  });

  test("does not fail operations that it did not send", () => {
    const target = {
      id: "F",
      title: "Few fail",
      metric: "operations-failed",
      statistic: "each",
      bound: { atMost: 500 },
      source: "test",
    } as const;
    const recording = fakeRecording({ injections: [crash], plan: { phases, targets: [target] } });
    const fromUs = faultAt(recording) + 4e6;
    const [verdict] = judgedOf(
      changed(recording, (own) => withFrozenClient(own, { fromUs, toUs: fromUs + 12e6 })),
    ).targets;
    expect(verdict?.outcome).toBe("unknown");
    expect(verdict?.sentence).toMatch(
      /between \d+ operations and [\d,]+ operations, since the client itself did not send/,
    );
  });

  test("for 30 ms decides nothing", () => {
    expect(frozenFor(0.03, crash, 3).outcome).toBe("pass");
  });

  test("for 12 s of the steady phase leaves undecided whether the cluster served then", () => {
    const { outcome, targets } = frozenFor(12, crash, -13);
    expect(outcome).toBe("unknown");
    expect(targets.map(({ target, outcome: own }) => [target.id, own])).toEqual([
      ["T1", "pass"],
      ["RPO-0", "pass"],
      ["SERVICE", "unknown"],
      ["SPLIT-BRAIN", "pass"],
      ["SPLIT-BRAIN-WRITES", "pass"],
    ]);
    expect(targets[2]?.sentence).toContain("between 0 s and 12 s, since the client itself stood still");
  });
});

describe("an outage outside the injections is the cluster's own", () => {
  const crash = { fault: "crash-postgres", writeOutageSeconds: 1.7 };

  function away(fromSeconds: number, toSeconds: number) {
    const recording = fakeRecording({ injections: [crash] });
    const faultUs = faultAt(recording);
    const outage = { fromUs: faultUs + fromSeconds * 1e6, toUs: faultUs + toSeconds * 1e6 };
    return judgedOf(changed(recording, (own) => withOutage(own, outage)));
  }

  test("12 s of it in the steady phase fail the run, with when and how long", () => {
    const { outcome, sentence, targets } = away(-14, -2);
    expect(outcome).toBe("fail");
    expect(targets.map(({ target, outcome: own }) => [target.id, own])).toEqual([
      ["T1", "pass"],
      ["RPO-0", "pass"],
      ["SERVICE", "fail"],
      ["SPLIT-BRAIN", "pass"],
      ["SPLIT-BRAIN-WRITES", "pass"],
    ]);
    expect(sentence).toMatch(
      /^1 of 5 targets was missed \(SERVICE\): Unavailability outside injections was 12\.0 s \(write-probe, from 0:15\.\d{3} on\); SERVICE promises below 1 s\.$/,
    );
  });

  test("many short outages, none of them as long as a time-out, add up", () => {
    const recording = fakeRecording({ injections: [crash] });
    const faultUs = faultAt(recording);
    const blips = [-13, -10, -7].map((seconds) => faultUs + seconds * 1e6);
    const blinking = changed(recording, (own) =>
      blips.reduce<readonly Sample[]>(
        (samples, fromUs) => withOutage(samples, { fromUs, toUs: fromUs + 0.4e6 }),
        own,
      ),
    );
    const { outcome, targets } = judgedOf(blinking);
    expect(outcome).toBe("fail");
    expect(targets[2]?.sentence).toMatch(
      /^Unavailability outside injections was 1\.2\d? s \(write-probe, from /,
    );
  });

  test("many short stalls of the client do not add up to a doubt", () => {
    const recording = fakeRecording({ injections: [crash] });
    const faultUs = faultAt(recording);
    const stalls = [-13, -11, -9, -7, -5].map((seconds) => faultUs + seconds * 1e6);
    const stalled = changed(recording, (own) =>
      stalls.reduce<readonly Sample[]>(
        (samples, atUs) => withFrozenClient(samples, { fromUs: atUs, toUs: atUs + 0.3e6 }),
        own,
      ),
    );
    expect(judgedOf(stalled).outcome).toBe("pass");
  });

  test("and no figure of an injection, which T1 is judged by", () => {
    expect(away(-14, -2).targets[0]?.evidence.map(({ of }) => of)).toEqual(["crash-postgres, injection 1"]);
  });

  test("1.2 s of it between the waiting and the injecting of a later injection fail the run too", () => {
    const recording = fakeRecording({ injections: [crash, crash] });
    const faultUs = recording.events.findLast(
      (event) => event.kind === "injection" && event.moment === "injecting",
    )!.atUs;
    const events = recording.events.map((event) =>
      event.kind === "injection" && event.injection === 2 && event.moment === "waiting"
        ? { ...event, atUs: faultUs - 4e6 }
        : event,
    );
    const sorted = { ...recording, events: events.toSorted((a, b) => a.atUs - b.atUs) };
    const outage = { fromUs: faultUs - 3e6, toUs: faultUs - 1.8e6 };
    const broken = changed(sorted, (own) => withOutage(own, outage));
    expect(judgedOf(sorted).outcome).toBe("pass");
    const { targets } = judgedOf(broken);
    expect(targets.map(({ target, outcome }) => [target.id, outcome])).toEqual([
      ["T1", "pass"],
      ["RPO-0", "pass"],
      ["SERVICE", "fail"],
      ["SPLIT-BRAIN", "pass"],
      ["SPLIT-BRAIN-WRITES", "pass"],
    ]);
    expect(targets[2]?.sentence).toContain("was 1.20 s (write-probe, from 0:34.570 on)");
    const { injections } = measure(broken, checkSafety(broken));
    expect(injections.map(({ writeEpisodes }) => writeEpisodes.length)).toEqual([1, 1]);
  });

  test("fails by what goes without saying also where a target bounds that of the other probe alone", () => {
    const ours = {
      id: "OURS",
      title: "Reads",
      metric: "stray-unavailability",
      of: "read-probe",
      statistic: "each",
      bound: { below: 60 },
      source: "test",
    } as const;
    const recording = fakeRecording({ injections: [crash], plan: { targets: [ours] } });
    const fromUs = faultAt(recording) - 10e6;
    const broken = changed(recording, (own) => withOutage(own, { fromUs, toUs: fromUs + 5e6 }));
    const outcomes = judgedOf(broken)
      .targets.filter(({ target }) => target.metric === ours.metric)
      .map(({ target, outcome }) => [target.id, target.of, outcome]);
    expect(outcomes).toEqual([
      ["OURS", "read-probe", "pass"],
      ["SERVICE", "write-probe", "fail"],
    ]);
  });

  test("a single operation that fails is shown, and fails nothing", () => {
    const { outcome, targets } = away(-10, -9.99);
    expect(outcome).toBe("pass");
    expect(targets[2]?.evidence[0]?.figure).toMatchObject({ kind: "value" });
  });

  test("in the warm-up it is shown, and not judged", () => {
    expect(away(-20, -18).outcome).toBe("pass");
  });

  test("fails a run without targets too, which passes nothing by it", () => {
    const recording = fakeRecording({ injections: [crash], plan: { targets: [] } });
    expect(judgedOf(recording).outcome).toBe("unknown");
    const fromUs = faultAt(recording) - 10e6;
    const broken = changed(recording, (own) => withOutage(own, { fromUs, toUs: fromUs + 5e6 }));
    expect(judgedOf(broken).outcome).toBe("fail");
  });

  test("of which the client saw a part only is bounded", () => {
    const recording = fakeRecording({ injections: [crash] });
    const fromUs = faultAt(recording) - 14e6;
    const both = changed(recording, (own) =>
      withFrozenClient(withOutage(own, { fromUs, toUs: fromUs + 0.6e6 }), {
        fromUs: fromUs + 0.3e6,
        toUs: fromUs + 8e6,
      }),
    );
    expect(judgedOf(both).targets[2]?.outcome).toBe("unknown");
  });
});

describe("a fault whose command failed after it had acted", () => {
  /** The same recording, as if the command had ended with an error and the harness had given up after healing. */
  function failing(writeOutageSeconds: number) {
    const recording = fakeRecording({ injections: [{ fault: "kill-node", writeOutageSeconds }] });
    const events = recording.events.flatMap((event): ClusterEvent[] => {
      if (event.kind !== "injection") return [event];
      if (event.moment === "healed")
        return [
          {
            ...event,
            moment: "failed" as const,
            note: "Injecting kill-node did not work: no end within 20 s",
          },
        ];
      return ["injected", "observed", "recovered"].includes(event.moment) ? [] : [event];
    });
    return { ...recording, events, end: { kind: "incomplete", reason: "kill-node did not work" } as const };
  }

  test("keeps its window and its outage, which is no stray", () => {
    const recording = failing(22);
    const { injections, stray, gaps } = measure(recording, checkSafety(recording));
    expect(injections).toHaveLength(1);
    expect(injections[0]?.commandFailed).toBe("Injecting kill-node did not work: no end within 20 s");
    expect(injections[0]?.writeUnavailabilitySeconds.kind).toBe("at-least");
    expect(stray).toEqual([]);
    expect(gaps).toContain(
      "1 of 1 planned injections were not carried out: 1 (kill-node) (injection 1 failed: Injecting kill-node did not work: no end within 20 s).",
    );
  });

  test("passes nothing, and fails what it broke", () => {
    expect(judgedOf(failing(22)).targets[0]?.outcome).toBe("fail");
    const [t1] = judgedOf(failing(2)).targets;
    expect(t1?.outcome).toBe("unknown");
    expect(t1?.sentence).toContain("only 0 of 1 planned injections were carried out");
  });
});

function judgedOf(recording: Recording) {
  const { plan, end } = recording;
  return judge({ plan, measurements: measure(recording, checkSafety(recording)), end });
}

function faultAt({ events }: Recording): number {
  return events.find((event) => event.kind === "injection" && event.moment === "injecting")?.atUs ?? NaN;
}

function changed(recording: Recording, change: (samples: readonly Sample[]) => readonly Sample[]): Recording {
  return {
    ...recording,
    samples: new Map([...recording.samples].map(([name, own]) => [name, change([...own])])),
  };
}

describe("the sentence over all targets", () => {
  const target = {
    title: "Writes are back within 10 s",
    metric: "lost-writes",
    statistic: "sum",
    source: "test",
  } as const;
  const lost = (of: string, value: number) =>
    ({ metric: "lost-writes", of, fault: null, figure: { kind: "value", value }, n: 1 }) as const;
  const said = (
    targets: readonly { readonly id: string; readonly atMost: number; readonly of?: string }[],
    figures = [lost("a", 3), lost("b", 5)],
  ) =>
    judge({
      plan: {
        ...fakePlan([]),
        targets: targets.map(({ id, atMost, of }) => ({
          ...target,
          id,
          bound: { atMost },
          ...(of === undefined ? {} : { of }),
        })),
      },
      measurements: { injections: [], stages: [], capacities: [], figures },
      end: { kind: "complete" },
    } as unknown as Judged).sentence;

  test("of one target that was met gives its title", () => {
    expect(said([{ id: "T", atMost: 9 }])).toBe("The target was met: Writes are back within 10 s.");
  });

  test("of several that were met gives their number", () => {
    expect(
      said([
        { id: "T", atMost: 9 },
        { id: "U", atMost: 8 },
      ]),
    ).toBe("All 2 targets were met.");
  });

  test("of those that were missed gives all, and the first one's sentence", () => {
    expect(said([{ id: "T", atMost: 7 }])).toBe(
      "1 of 1 target was missed (T): Acknowledged writes lost were 8 rows (sum of 2 figures), most of it in b; T promises at most 7 rows.",
    );
    expect(
      said([
        { id: "S", atMost: 9 },
        { id: "T", atMost: 7 },
        { id: "U", atMost: 0 },
      ]),
    ).toMatch(/^2 of 3 targets were missed \(T, U\): Acknowledged writes lost were 8 rows /);
  });

  test("of what was not measured says that it is not decided", () => {
    expect(
      said([
        { id: "S", atMost: 9 },
        { id: "T", atMost: 7, of: "c" },
      ]),
    ).toMatch(
      /^1 of 2 targets was not decided \(T\): .*: not decided, because nothing was measured of "c"\. T promises at most 7 rows\.$/,
    );
  });

  test("of no targets says that there is nothing to judge", () => {
    expect(said([], [])).toBe("The scenario has no targets: there is nothing to judge.");
  });
});

describe("what goes without saying", () => {
  const figure = (metric: NamedFigure["metric"], of: string, value: number): NamedFigure => ({
    metric,
    of,
    fault: null,
    figure: { kind: "value", value },
    n: 1,
  });
  const ids = (
    figures: readonly NamedFigure[],
    own: readonly Partial<Target>[] = [],
    load = fakePlan([]).load,
  ) => {
    const target = {
      id: "OURS",
      title: "",
      statistic: "each",
      source: "test",
      bound: { below: 60 },
    } as const;
    const targets = own.map((each): Target => ({ ...target, metric: "stray-unavailability", ...each }));
    const plan = { ...fakePlan([]), load, targets };
    const measurements = { figures } as unknown as Measurements;
    return builtInTargets({ plan, measurements }).map(({ id, of }) =>
      of === undefined ? id : `${id} ${of}`,
    );
  };
  const quiet = [
    figure("stray-unavailability", "write-probe", 0),
    figure("stray-unavailability", "read-probe", 0),
  ];
  const elsewhere = { metric: "write-unavailability" } as const;

  test("is judged beside the scenario's targets, or where it fails", () => {
    expect(ids(quiet, [elsewhere])).toEqual(["SERVICE"]);
    expect(ids(quiet)).toEqual([]);
    expect(ids([figure("stray-unavailability", "write-probe", 5)])).toEqual(["SERVICE"]);
    expect(ids([], [elsewhere])).toEqual([]);
  });

  test("leaves to a target of the scenario what that bounds: all figures of its metric, or one", () => {
    expect(ids(quiet, [{}])).toEqual([]);
    expect(ids(quiet, [{ of: "read-probe" }])).toEqual(["SERVICE write-probe"]);
    expect(ids(quiet, [{ of: "read-probe" }, { of: "write-probe" }])).toEqual([]);
  });

  test("bounds an outage by the longer of the probes' time-outs", () => {
    const plan = fakePlan([]);
    const load = { ...plan.load!, readProbe: { ...plan.load!.readProbe, timeoutMs: 4000 } };
    const measurements = {
      figures: [figure("stray-unavailability", "read-probe", 5)],
    } as unknown as Measurements;
    expect(builtInTargets({ plan: { ...plan, load }, measurements })[0]?.bound).toEqual({ below: 4 });
    const swift = { ...load, readProbe: { ...load.readProbe, timeoutMs: 100 } };
    expect(builtInTargets({ plan: { ...plan, load: swift }, measurements })[0]?.bound).toEqual({ below: 1 });
  });

  test("has no acknowledged write lost, in an injection's window or after it, unless the scenario allows some", () => {
    const lost = [
      figure("lost-writes", "kill-node, injection 1", 5),
      figure("lost-writes", "outside the injections' windows", 0),
    ];
    expect(ids(lost, [elsewhere])).toEqual(["RPO"]);
    expect(ids(lost, [{ metric: "lost-writes", bound: { atMost: 100 } }])).toEqual([]);
    expect(ids(lost, [{ metric: "lost-writes", of: "kill-node, injection 1" }])).toEqual([
      "RPO outside the injections' windows",
    ]);
  });

  test("asks nothing of the service where no probe looked", () => {
    expect(ids(quiet, [elsewhere], null)).toEqual([]);
  });
});
