import { expect, test } from "vitest";
import { attributeEpisodes } from "./attribute-episodes.ts";
import type { Episode } from "../model/measurement.ts";
import type { InjectionWindow } from "./list-injections.ts";
import type { ServiceSeen } from "./see-service.ts";

const windows: readonly InjectionWindow[] = [10e6, 60e6].map((faultAtUs, index) => ({
  injection: index + 1,
  fault: "kill-node",
  victim: "coordinator-1",
  nodes: ["coordinator-1"],
  commandFailed: null,
  loopPhase: null,
  faultAtUs,
  windowEndUs: faultAtUs + 45e6,
  healedAtUs: faultAtUs + 30e6,
  nextFaultUs: 60e6,
  inForceSeconds: null,
  settled: true,
}));

test("an operation in flight when the fault struck begins that fault's episode", () => {
  const episode = { fromUs: 9.5e6, toUs: 12e6 };
  const attributed = attributeEpisodes(seen(episode), windows, 1000);
  expect(attributed.byInjection.get(1)?.unserved).toEqual([episode]);
  expect([...attributed.alreadyUnserved]).toEqual([]);
});

test("an episode that goes on from long before a fault is a stray, and the fault's own cost unknown", () => {
  const episode = { fromUs: 4e6, toUs: 12e6 };
  const attributed = attributeEpisodes(seen(episode), windows, 1000);
  expect(attributed.stray.unserved).toEqual([episode]);
  expect([...attributed.alreadyUnserved]).toEqual([1]);
});

test("an episode that outlasts its own window leaves the next fault's cost unknown", () => {
  const episode = { fromUs: 11e6, toUs: null };
  const attributed = attributeEpisodes(seen(episode), windows, 1000);
  expect(attributed.byInjection.get(1)?.unserved).toEqual([episode]);
  expect([...attributed.alreadyUnserved]).toEqual([2]);
});

test("what the client did not see is cut at the fault: so much of it may be the fault's, and so much the cluster's own", () => {
  const attributed = attributeEpisodes(
    { unserved: [], notSeenServed: [{ fromUs: 4e6, toUs: 16e6 }] },
    windows,
    1000,
  );
  expect(attributed.byInjection.get(1)).toEqual({
    unserved: [],
    notSeenServed: [{ fromUs: 10e6, toUs: 16e6 }],
  });
  expect(attributed.stray).toEqual({ unserved: [], notSeenServed: [{ fromUs: 4e6, toUs: 10e6 }] });
});

test("nothing of an injection's own episode is a stray, before its fault or after its window", () => {
  const attributed = attributeEpisodes(seen({ fromUs: 9.2e6, toUs: 56e6 }), windows.slice(0, 1), 1000);
  expect(attributed.stray).toEqual({ unserved: [], notSeenServed: [] });
});

test("an episode that began a whole time-out before the fault is still the fault's, and one of a moment earlier is not", () => {
  const owned = attributeEpisodes(seen({ fromUs: 9e6, toUs: 12e6 }), windows, 1000);
  expect(owned.byInjection.get(1)?.unserved).toHaveLength(1);
  const earlier = attributeEpisodes(seen({ fromUs: 9e6 - 1, toUs: 12e6 }), windows, 1000);
  expect(earlier.stray.unserved).toHaveLength(1);
});

test.each([
  ["ended before the fault", { fromUs: 9.2e6, toUs: 9.9e6 }],
  ["ended as the fault struck", { fromUs: 9.2e6, toUs: 10e6 }],
  ["ended as the fault struck, after a long time", { fromUs: 4e6, toUs: 10e6 }],
  ["began when the window was over", { fromUs: 55e6, toUs: 56e6 }],
])("an episode that %s is a stray, and hides nothing of what the fault cost", (_, episode) => {
  const attributed = attributeEpisodes(seen(episode), windows, 1000);
  expect(attributed.stray.unserved).toEqual([episode]);
  expect([...attributed.alreadyUnserved]).toEqual([]);
});

test("one episode from long before is enough to leave a fault's cost unknown, whatever the fault began itself", () => {
  const episodes = [
    { fromUs: 4e6, toUs: 12e6 },
    { fromUs: 20e6, toUs: 21e6 },
  ];
  const attributed = attributeEpisodes(seen(...episodes), windows, 1000);
  expect([...attributed.alreadyUnserved]).toEqual([1]);
});

test("what the client did not see between a fault and its episode may be the fault's", () => {
  const attributed = attributeEpisodes(
    { unserved: [{ fromUs: 12e6, toUs: 13e6 }], notSeenServed: [{ fromUs: 10.5e6, toUs: 13e6 }] },
    windows,
    1000,
  );
  expect(attributed.byInjection.get(1)?.notSeenServed).toEqual([{ fromUs: 10.5e6, toUs: 13e6 }]);
  expect(attributed.stray.notSeenServed).toEqual([]);
});

test("an injection's own episode was not seen to be served, to its end or for ever", () => {
  const notSeenServed = (toUs: number | null) =>
    attributeEpisodes(
      { unserved: [{ fromUs: 9.5e6, toUs }], notSeenServed: [] },
      windows,
      1000,
    ).byInjection.get(1)?.notSeenServed;
  expect(notSeenServed(12e6)).toEqual([{ fromUs: 9.5e6, toUs: 12e6 }]);
  expect(notSeenServed(null)).toEqual([{ fromUs: 9.5e6, toUs: Infinity }]);
});

/** The client looked all the time. */
function seen(...unserved: readonly Episode[]): ServiceSeen {
  return {
    unserved,
    notSeenServed: unserved.map(({ fromUs, toUs }) => ({ fromUs, toUs: toUs ?? Infinity })),
  };
}
