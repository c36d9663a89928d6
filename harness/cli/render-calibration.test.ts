import { expect, test } from "vitest";
import type { Calibration } from "../calibrate/calibrate.ts";
import { renderCalibration } from "./render-calibration.ts";

test("the sender's punctuality stands beside the control's, column by column", () => {
  const rows = renderCalibration(calibration(), false).split("\n").map(cells);
  const after = rows.findIndex(([first]) => first?.startsWith("Punctuality at 2000/s"));
  expect(rows.slice(after).filter((row) => row.length === 6)).toEqual([
    ["ms", "mean", "p50", "p99", "max", "CPU, cores"],
    ["schedule lag of the sender", "0.020", "0.010", "0.040", "-", "0.400"],
    ["control late", "0.060", "0.050", "0.090", "1.20", ""],
  ]);
});

test("where the control did not wake, nothing stands in its row", () => {
  const { punctuality, ...others } = calibration();
  const text = renderCalibration({ ...others, punctuality: { ...punctuality, controlMs: null } }, false);
  const rows = text.split("\n").map(cells);
  expect(rows.find(([first]) => first === "control late")).toEqual(["control late", "-", "-", "-", "-", ""]);
});

function calibration(): Calibration {
  const value = (number: number) => ({ kind: "value", value: number }) as const;
  const withheld = { kind: "withheld", reason: "too few" } as const;
  return {
    engine: { version: "native", timer: "CLOCK_MONOTONIC", timerResolutionNs: 30, ownCostUs: 12 },
    cases: [],
    punctuality: {
      ratePerSecond: 2000,
      lagMs: {
        n: 8000,
        mean: value(0.02),
        p50: value(0.01),
        p95: value(0.03),
        p99: value(0.04),
        p999: withheld,
        max: withheld,
      },
      controlMs: { mean: 0.06, p50: 0.05, p99: 0.09, max: 1.2 },
      cpuCores: value(0.4),
    },
    outcome: "matches",
  };
}

/** Of a row of a table; of any other line the whole. */
function cells(line: string): readonly string[] {
  const parts = line.split("│");
  return parts.length === 1 ? parts : parts.slice(1, -1).map((cell) => cell.trim());
}
