import { expect, test } from "vitest";
import { seededRandom } from "../../../../support/seeded-random.ts";
import { newInFlight, type InFlight } from "../sessions/in-flight.ts";
import { SampleKeeper, sampleRoom } from "./sample-keeper.ts";

test("the room of all intervals together is what may be kept", () => {
  for (const [intervals, kept] of [
    [7, 1000],
    [60, 10_000],
    [100, 30],
  ] as const) {
    const rooms = Array.from({ length: intervals }, (_, interval) => sampleRoom(interval, intervals, kept));
    const served = rooms.map((room) => room.served);
    expect(served.reduce((sum, room) => sum + room, 0)).toBe(kept);
    expect(Math.max(...served) - Math.min(...served)).toBeLessThanOrEqual(1);
  }
});

test("of what did not end ok ten thousand are kept of a stage, and a hundred of every second of a long one", () => {
  expect(Array.from({ length: 4 }, (_, interval) => sampleRoom(interval, 4, 0).missed)).toEqual([
    2500, 2500, 2500, 2500,
  ]);
  expect(sampleRoom(3599, 3600, 0).missed).toBe(100);
});

test("of a second in which everything fails a bounded choice is kept, alike from its beginning and its end", () => {
  const keeper = new SampleKeeper(seededRandom(1, "samples"));
  keeper.begin({ served: 10, missed: 500 });
  for (let id = 1; id <= 15_000; id += 1) keeper.offer(inFlight(id), id + 5, "failed", "42P01");
  keeper.begin({ served: 0, missed: 0 });
  const rows = keeper.take();
  expect(rows).toHaveLength(500);
  const early = rows.filter(([id]) => id <= 7500).length;
  // 250 are expected; the standard deviation is 11.
  expect(early).toBeGreaterThan(190);
  expect(early).toBeLessThan(310);
  expect(keeper.take()).toEqual([]);
});

test("failures take no room from what ended ok", () => {
  const keeper = new SampleKeeper(seededRandom(1, "samples"));
  keeper.begin({ served: 2, missed: 1 });
  keeper.offer(inFlight(1), 10, "ok", null);
  for (const id of [2, 3, 4]) keeper.offer(inFlight(id), 10, "unknown", "CLIENT_TIMEOUT");
  keeper.offer(inFlight(5), 10, "ok", null);
  keeper.begin({ served: 0, missed: 0 });
  expect(keeper.take().map(([, , , , outcome]) => outcome)).toEqual(["ok", "unknown", "ok"]);
});

function inFlight(id: number): InFlight {
  return { ...newInFlight(null as never), id, intendedUs: id, startUs: id, sentUs: id };
}
