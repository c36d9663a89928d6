import { expect, test } from "vitest";
import { findingInWords } from "./checks-in-words.ts";

test("what a checker found has the unit of what it counts", () => {
  const said = (checker: string, metric: "findings" | "second-primary-writes" | null): string =>
    findingInWords(
      { checker, metric, looksFor: "", notApplicable: null, findings: [] },
      { of: "write-probe", figure: { kind: "value", value: 5 }, n: 100 },
    );
  expect(said("ledger", null)).toBe("write-probe: 5 rows");
  expect(said("invariants", null)).toBe("write-probe: 5 invariants");
  expect(said("second-primary", "second-primary-writes")).toBe("write-probe: 5 writes");
  expect(said("never-shrinks", "findings")).toBe("write-probe: 5 findings");
});
