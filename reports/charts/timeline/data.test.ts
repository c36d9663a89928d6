import { expect, test } from "vitest";
import { fakeRun } from "../../run.fake.ts";
import { collectTimeline } from "./data.ts";

test("an injection without an outage of writes is not drawn as one without service", () => {
  const run = fakeRun();
  const [first, second] = run.measurements.injections;
  const unfelt = { ...first!, writeEpisodes: [], hops: [] };
  const lasting = { ...second!, hops: [] };
  const measurements = { ...run.measurements, injections: [unfelt, lasting] };
  const bands = collectTimeline({ ...run, measurements })!.injections;
  expect(bands.map(({ served }) => served)).toEqual([unfelt.faultAtUs / 1e6, null]);
  expect(bands[0]!.to).toBeGreaterThan(bands[0]!.from);
});
