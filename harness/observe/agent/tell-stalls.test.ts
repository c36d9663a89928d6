import { expect, test } from "vitest";
import type { ClusterEvent } from "../../model/event.ts";
import { tellStalls } from "./tell-stalls.ts";

test("an observer that did not act for more than half a second says from when to when", async () => {
  const told: ClusterEvent[] = [];
  const ended = new AbortController();
  const moments = [0, 100_000, 600_000, 12_700_000, 12_800_000];
  const nowUs = (): number => {
    const atUs = moments.shift();
    if (moments.length === 0) ended.abort();
    return atUs ?? 0;
  };
  await tellStalls({ nowUs, emit: (event) => told.push(event), signal: ended.signal });
  expect(told).toEqual([{ kind: "observer-stood-still", atUs: 12_700_000, fromUs: 600_000 }]);
});
