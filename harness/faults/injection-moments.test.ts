import { expect, test } from "vitest";
import { injectionMoments } from "./injection-moments.ts";

test("moments follow one another as they may", () => {
  const moments = injectionMoments();
  expect(moments.now()).toBe("start");
  for (const moment of [
    "waiting",
    "setting-up",
    "injecting",
    "injected",
    "observed",
    "recovered",
    "held",
  ] as const) {
    moments.to(moment);
    expect(moments.now()).toBe(moment);
  }
});

test("one that may not come now is a bug, told with those that may, and changes nothing", () => {
  const moments = injectionMoments();
  moments.to("waiting");
  expect(() => moments.to("injecting")).toThrow(
    expect.objectContaining({
      code: "injection-out-of-order",
      message: 'Expected setting-up or failed after "waiting" of an injection; found "injecting".',
    }),
  );
  expect(moments.now()).toBe("waiting");
  moments.to("failed");
  expect(() => moments.to("healed")).toThrow(
    'Expected nothing after "failed" of an injection; found "healed".',
  );
});
