import { expect, test } from "vitest";
import { attributeEpisodes } from "./attribute-episodes.ts";
import type { InjectionWindow } from "./list-injections.ts";

const windows: readonly InjectionWindow[] = [10e6, 60e6].map((faultAtUs, index) => ({
  injection: index + 1,
  fault: "kill-node",
  victim: "coordinator-1",
  loopPhase: null,
  faultAtUs,
  windowEndUs: faultAtUs + 45e6,
  healedAtUs: faultAtUs + 30e6,
  settled: true,
}));

test("an operation in flight when the fault struck begins that fault's episode", () => {
  const episode = { fromUs: 9.5e6, toUs: 12e6 };
  const attributed = attributeEpisodes([episode], windows, 1000);
  expect(attributed.byInjection.get(1)).toEqual([episode]);
  expect([...attributed.alreadyUnserved]).toEqual([]);
});

test("an episode that goes on from long before a fault is a stray, and the fault's own cost unknown", () => {
  const episode = { fromUs: 4e6, toUs: 12e6 };
  const attributed = attributeEpisodes([episode], windows, 1000);
  expect(attributed.stray).toEqual([episode]);
  expect([...attributed.alreadyUnserved]).toEqual([1]);
});

test("an episode that outlasts its own window leaves the next fault's cost unknown", () => {
  const episode = { fromUs: 11e6, toUs: null };
  const attributed = attributeEpisodes([episode], windows, 1000);
  expect(attributed.byInjection.get(1)).toEqual([episode]);
  expect([...attributed.alreadyUnserved]).toEqual([2]);
});
