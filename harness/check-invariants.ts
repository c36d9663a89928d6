import { countdown } from "./countdown.ts";
import type { Insisting } from "./insist.ts";
import type { InvariantReading } from "./model/stage.ts";
import { HarnessError } from "./model/errors.ts";
import type { OperationCount, Workload } from "./model/workload.ts";
import { readInvariant } from "./read-invariant.ts";

/** For all of a workload's invariants together, with tries: after that they are unreadable. */
const BUDGET_MS = 180_000;

interface Checking extends Insisting {
  readonly workload: Workload;
  /** By operation's name, over all stages on this cluster; operations that never ran may be missing. */
  readonly counts: Readonly<Record<string, OperationCount>>;
  readonly variant: string;
}

/**
 * Reads what the workload says must be true after its operations. A database that cannot be read makes a reading
 * without a number, and the reason; only the signal makes it reject.
 */
export async function checkInvariants(checking: Checking): Promise<InvariantReading[]> {
  const { workload, counts, variant, clock, signal } = checking;
  const remainingMs = countdown(clock, BUDGET_MS);
  const readings: InvariantReading[] = [];
  for (const invariant of workload.invariants) {
    const expected = {
      variant,
      workload: workload.name,
      title: invariant.title,
      ...invariant.bounds(counts),
    };
    try {
      readings.push({
        ...expected,
        found: await readInvariant(invariant, remainingMs, checking),
        problem: null,
      });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof HarnessError)) throw error;
      readings.push({ ...expected, found: null, problem: error.message });
    }
  }
  return readings;
}
