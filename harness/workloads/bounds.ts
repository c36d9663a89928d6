import type { Invariant, OperationCount } from "../model/workload.ts";

/** What an invariant may find, over all stages. */
export const bounds = { exactly, acknowledged };

/** This number and no other, whatever the operations met. */
function exactly(found: number): Invariant["bounds"] {
  return () => ({ atLeast: found, atMost: found });
}

/**
 * `each` for every operation of that name that was acknowledged, and perhaps for those whose outcome is unknown. What
 * failed for certain has left nothing, and an operation that was tried again counts once, by how it ended.
 */
function acknowledged(operation: string, each = 1): Invariant["bounds"] {
  return (counts) => {
    const { ok, unknown } = counts[operation] ?? NONE;
    return { atLeast: ok * each, atMost: (ok + unknown) * each };
  };
}

const NONE: OperationCount = { ok: 0, failed: 0, unknown: 0 };
