import { expect, test } from "vitest";
import { stageIntervals } from "./stage-intervals.ts";

test("each phase is cut into seconds from its own beginning, the last of which may be shorter", () => {
  const phases = { warmupSeconds: 1.5, steadySeconds: 2, coolDownSeconds: 0 };
  const cut = stageIntervals(phases, 1_000_000).map(({ phase, fromUs, toUs, lastOfPhase }) => [
    phase,
    fromUs / 1e6,
    toUs / 1e6,
    lastOfPhase,
  ]);
  expect(cut).toEqual([
    ["warmup", 1, 2, false],
    ["warmup", 2, 2.5, true],
    ["steady", 2.5, 3.5, false],
    ["steady", 3.5, 4.5, true],
  ]);
});
