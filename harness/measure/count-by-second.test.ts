import { expect, test } from "vitest";
import { fakeBenchmarkRecording } from "../model/benchmark-recording.fake.ts";
import { countBySecond } from "./count-by-second.ts";

const [recorded] = fakeBenchmarkRecording({
  stages: [{ okPerSecond: 100, failed: { "57P01": 3 }, latencyUs: () => 1000 }],
}).stages;
const steady = recorded!.seconds.filter(({ phase }) => phase === "steady");

test("the agents' parts of one second are added up, whatever came of the operations", () => {
  expect(steady).toHaveLength(10);
  expect(countBySecond(steady)).toEqual(Array.from({ length: 5 }, () => ({ ended: 103, inTime: 100 })));
});

test("a second that nobody recorded is one in which nothing ended", () => {
  const gap = steady.filter((_, index) => index < 2 || index > 3);
  expect(countBySecond(gap)[1]).toEqual({ ended: 0, inTime: 0 });
  expect(countBySecond([])).toEqual([]);
});

test("operations of unknown outcome have ended too", () => {
  const [first] = steady;
  const unknown = first!.operations.map((each) => ({ ...each, unknown: { CLIENT_TIMEOUT: 4 } }));
  expect(countBySecond([first!])).toEqual([{ ended: 53, inTime: 50 }]);
  expect(countBySecond([{ ...first!, operations: unknown }])).toEqual([{ ended: 57, inTime: 50 }]);
});
