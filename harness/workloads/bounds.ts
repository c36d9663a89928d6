import type { Invariant, OperationCount } from "../model/workload.ts";

/** What an invariant may find, over all stages, and the operation whose writes it counts. */
export const bounds = { exactly, acknowledged };

type Bounds = Pick<Invariant, "bounds" | "counted">;

/** This number and no other, whatever the operations met. */
function exactly(found: number): Bounds {
  return { counted: null, bounds: () => ({ atLeast: found, atMost: found }) };
}

/**
 * `each` for every operation of that name that was acknowledged, and perhaps for those whose outcome is unknown. What
 * failed for certain has left nothing, and an operation that was tried again counts once, by how it ended.
 */
function acknowledged(operation: string, each = 1): Bounds {
  return {
    counted: operation,
    bounds: (counts) => {
      const { ok, unknown } = counts[operation] ?? NONE;
      return { atLeast: ok * each, atMost: (ok + unknown) * each };
    },
  };
}

const NONE: OperationCount = { ok: 0, failed: 0, unknown: 0 };
