import { expect, test } from "vitest";
import { checkSafety } from "../check/check-safety.ts";
import { judge } from "../judge/judge.ts";
import type { VictimRole } from "../model/advice.ts";
import type { ClusterEvent } from "../model/event.ts";
import { fakePlan } from "../model/plan.fake.ts";
import { fakeRecording } from "../model/recording.fake.ts";
import type { Recording } from "../model/recording.ts";
import type { Target } from "../model/target.ts";
import type { VictimSelector } from "../model/victim-selector.ts";
import { measure } from "./measure.ts";

test.each<[VictimSelector, string, readonly string[], VictimRole | null]>([
  ["one follower of etcd", "etcd-2", [], "etcd follower"],
  ["a majority of etcd", "etcd-1, etcd-3", ["etcd-1", "etcd-3"], "etcd quorum"],
  [
    { between: "primary of coordinators", and: "every member of etcd" },
    "coordinator-1 <-> etcd-1, etcd-2",
    ["coordinator-1", "etcd-1", "etcd-2"],
    "primary to etcd",
  ],
  [{ between: "haproxy", and: "the clients" }, "haproxy <-> agent", ["haproxy", "agent"], null],
  ["primary of coordinators", "coordinator-1", [], "primary"],
])("a victim chosen as %j, %s, has the role for which it was chosen", (selector, victim, nodes, role) => {
  const [measured] = measuredOf(recordingOf([{ selector, victim, nodes }])).injections;
  expect(measured).toMatchObject({ victim, nodes: nodes.length > 0 ? nodes : [victim], role });
  expect(measured?.writeUnavailabilitySeconds.kind).not.toBe("withheld");
});

test("a target may ask for the victims of one role alone, and decides nothing of the others", () => {
  const recording = recordingOf([
    { selector: "one follower of etcd", victim: "etcd-2", seconds: 0 },
    { selector: "a majority of etcd", victim: "etcd-1, etcd-3", nodes: ["etcd-1", "etcd-3"], seconds: 20 },
  ]);
  const target = (id: string, of: string, bound: Target["bound"]): Target => ({
    ...{ id, title: id, metric: "write-unavailability", of, statistic: "each", bound, source: "a promise" },
  });
  const plan = {
    ...recording.plan,
    targets: [
      target("GOES-ON", "kill-node, etcd follower", { below: 1 }),
      target("STOPS", "kill-node, etcd quorum", { atLeast: 5 }),
      target("WRONG", "kill-node, etcd quorum", { below: 1 }),
    ],
  };
  const { targets } = judge({ plan, measurements: measuredOf(recording), end: recording.end });
  expect(targets.slice(0, 3).map(({ target: { id }, outcome }) => [id, outcome])).toEqual([
    ["GOES-ON", "pass"],
    ["STOPS", "pass"],
    ["WRONG", "fail"],
  ]);
  expect(targets[2]?.evidence.map(({ of }) => of)).toEqual(["kill-node, injection 2"]);
});

interface Hit {
  readonly selector: VictimSelector;
  readonly victim: string;
  readonly nodes?: readonly string[];
  readonly seconds?: number;
}

function recordingOf(hits: readonly Hit[]): Recording {
  const plan = fakePlan(hits.map(() => "kill-node"));
  const injections = plan.injections.map((each, index) => ({ ...each, victim: hits[index]!.selector }));
  const recording = fakeRecording({
    injections: hits.map(({ seconds = 3 }) => ({
      fault: "kill-node",
      writeOutageSeconds: seconds,
      inPlace: true,
    })),
    plan: { injections },
  });
  const events = recording.events.map((event): ClusterEvent => {
    if (event.kind !== "injection") return event;
    const { victim, nodes = [] } = hits[event.injection - 1]!;
    return { ...event, victim, ...(nodes.length > 0 ? { nodes } : {}) };
  });
  return { ...recording, events };
}

function measuredOf(recording: Recording) {
  return measure(recording, checkSafety(recording));
}
