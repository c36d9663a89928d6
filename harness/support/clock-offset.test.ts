import { expect, test } from "vitest";
import { estimateOffset } from "./clock-offset.ts";

/** Another clock that is `aheadUs` ahead, read in the middle of each round trip but for `skewUs`. */
function otherClock(roundTripsUs: readonly number[], aheadUs: number, skewUs = 0) {
  let nowUs = 0;
  let asked = 0;
  return {
    ours: { nowUs: () => nowUs },
    ask: () => {
      const roundTripUs = roundTripsUs[asked++] ?? Infinity;
      const theirsUs = nowUs + roundTripUs / 2 + skewUs + aheadUs;
      nowUs += roundTripUs;
      return Promise.resolve(theirsUs);
    },
  };
}

test("an offset of up to half the round trip is what a slow way there or back looks like: it is none", async () => {
  const { ours, ask } = otherClock([100, 100, 100], 0, 50);
  expect(await estimateOffset(3, ask, ours)).toEqual({ offsetUs: 0, uncertaintyUs: 50 });
});

test("an offset of more than half the round trip is one, also where it is less than the whole", async () => {
  const near = otherClock([100, 100, 100], 80);
  expect(await estimateOffset(3, near.ask, near.ours)).toEqual({ offsetUs: 80, uncertaintyUs: 50 });
  const far = otherClock([100, 100, 100], -5000);
  expect(await estimateOffset(3, far.ask, far.ours)).toEqual({ offsetUs: -5000, uncertaintyUs: 50 });
});

test("the quickest of several answers is believed", async () => {
  const { ours, ask } = otherClock([900, 40, 700], 5000);
  expect(await estimateOffset(3, ask, ours)).toEqual({ offsetUs: 5000, uncertaintyUs: 20 });
});
