import type { Checker } from "../model/checker.ts";
import { invariantHeld, whyInvariantUnknown } from "../model/invariant-held.ts";
import type { CheckFinding, Figure } from "../model/measurement.ts";
import type { InvariantReading } from "../model/stage.ts";

/** By what was read of the data after a benchmark, against what became of its operations. */
export const invariants: Checker = {
  name: "invariants",
  looksFor: "Data that is not what the workload's operations must have left.",
  needs: "a benchmark, whose workload says what must be true afterwards",
  metric: null,
  check({ plan, invariants: readings }) {
    if (plan.benchmark === null) return { notApplicable: "there was no benchmark" };
    return {
      findings: readings.map(findingOf),
      gaps: readings.flatMap((reading) => {
        const why = whyInvariantUnknown(reading);
        return why === null
          ? []
          : [`Invariant${reading.variant === "" ? "" : ` (${reading.variant})`} ${why}.`];
      }),
    };
  },
};

function findingOf(reading: InvariantReading): CheckFinding {
  const { variant, title, evidence, missingIds } = reading;
  return {
    of: variant === "" ? title : `${variant}: ${title}`,
    figure: figureOf(reading),
    n: 1,
    ...(evidence === undefined ? {} : { evidence }),
    ...(missingIds === undefined ? {} : { ids: missingIds }),
  };
}

/** One that is broken, none, or why it is not known. */
function figureOf(reading: InvariantReading): Figure {
  const outcome = invariantHeld(reading);
  return outcome === "unknown"
    ? { kind: "withheld", reason: whyInvariantUnknown(reading) ?? "it was not read" }
    : { kind: "value", value: outcome === "fail" ? 1 : 0 };
}
