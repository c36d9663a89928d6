import { expect, it } from "vitest";
import { takeTurns } from "./take-turns.ts";

it("each operation has its share of the turns by weight, spread evenly", () => {
  const next = takeTurns([
    { name: "a", weight: 3 },
    { name: "b", weight: 1 },
  ]);
  expect(Array.from({ length: 8 }, next).join("")).toBe("aabaaaba");
});
