/** Cleaning up failed after something else had: what `await using` raises then, which older runtimes have no class for. */
export interface Suppressed extends Error {
  /** Why cleaning up failed. */
  readonly error: unknown;
  /** What went wrong first. */
  readonly suppressed: unknown;
}

/** Releases because of a failure, and resolves with what is to be raised: it, or both where releasing failed as well. */
export async function releasedAfter(failure: unknown, release: () => PromiseLike<void>): Promise<unknown> {
  try {
    await release();
    return failure;
  } catch (error) {
    const both = new Error("Cleaning up failed after something else had.");
    return Object.assign(both, { name: "SuppressedError", error, suppressed: failure });
  }
}

export function isSuppressed(error: unknown): error is Suppressed {
  return error instanceof Error && error.name === "SuppressedError" && "suppressed" in error;
}

/** What went wrong first, before any cleaning up. */
export function firstFailure(error: unknown): unknown {
  return isSuppressed(error) ? firstFailure(error.suppressed) : error;
}

/** Why cleaning up failed, the first time first; empty when it did not. */
export function cleaningFailures(error: unknown): readonly unknown[] {
  return isSuppressed(error) ? [...cleaningFailures(error.suppressed), firstFailure(error.error)] : [];
}
