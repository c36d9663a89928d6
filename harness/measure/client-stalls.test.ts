import { expect, test } from "vitest";
import type { Sample } from "../model/sample.ts";
import { clientStalls } from "./client-stalls.ts";

test("a client stalls from when an operation was due until it comes round to it, if that takes a tenth of the time-out", () => {
  expect(clientStalls([[late(0, 100_001)]], 1000)).toEqual([{ fromUs: 0, toUs: 100_001 }]);
  expect(clientStalls([[late(0, 100_000)]], 1000)).toEqual([]);
});

test("a stall holds up all streams: what each of them shows is one stretch", () => {
  const streams = [[late(0, 300_000)], [late(200_000, 250_000), late(900_000, 200_000)]];
  expect(clientStalls(streams, 1000)).toEqual([
    { fromUs: 0, toUs: 450_000 },
    { fromUs: 900_000, toUs: 1_100_000 },
  ]);
});

function late(intendedUs: number, byUs: number): Sample {
  const startUs = intendedUs + byUs;
  return { id: 1, intendedUs, startUs, endUs: startUs + 1000, outcome: "ok", code: null };
}
