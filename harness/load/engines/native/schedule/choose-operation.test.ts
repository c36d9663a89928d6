import { expect, test } from "vitest";
import { divideClients } from "./choose-operation.ts";

test.each([
  [[1], 5, [5]],
  [[95, 5], 100, [95, 5]],
  [[1, 1, 2], 8, [2, 2, 4]],
  [[99, 1], 1000, [990, 10]],
] as const)("clients are divided by weights %j: of %d, %j", (weights, clients, expected) => {
  const divided = divideClients(weights, clients);
  expect(weights.map((_, index) => divided.filter((each) => each === index).length)).toEqual(expected);
});

test("any agent's clients have about the mix of all", () => {
  const divided = divideClients([3, 1], 400);
  for (const agent of [0, 1, 2, 3]) {
    const rare = divided.filter((operation, client) => client % 4 === agent && operation === 1);
    expect(rare.length).toBeGreaterThanOrEqual(20);
    expect(rare.length).toBeLessThanOrEqual(30);
  }
});
