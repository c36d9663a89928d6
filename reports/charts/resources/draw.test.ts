import { expect, test } from "vitest";
import { fakeColours, type FakeSeries } from "../drawing/board.fake.ts";
import { resourcePanels } from "./draw.ts";

/** The points of one line, as they are drawn. */
function drawn(widthSeconds: number, moments: readonly number[]): unknown[] {
  const points = moments.map((at) => [at, 1] as const);
  const lines = { cores: 2, cpu: [{ name: "coordinator-1", points }], waitingClients: [], wal: [] };
  const [panel] = resourcePanels({ ...lines, widthSeconds, checkpoints: [] }, fakeColours);
  const [series] = panel!.series as readonly FakeSeries[];
  return series!.data.map((point) => (point as readonly unknown[])[1]);
}

test("no line is drawn across a pause between clusters", () => {
  expect(drawn(1, [0, 1, 2, 30, 31])).toEqual([1, 1, 1, null, 1, 1]);
});

test("the line of a long run, whose points are a quarter of a minute apart and more, is drawn", () => {
  expect(drawn(16, [8, 24, 40])).toEqual([1, 1, 1]);
  expect(drawn(16, [8, 24, 90])).toEqual([1, 1, null, 1]);
});
