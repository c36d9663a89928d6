import type { RetryPolicy } from "../model/workload.ts";

/** Which failures a workload's client would try again. */
export const retryPolicies = {
  /** The transaction was rolled back for others' sake: serialization failure and deadlock. */
  rolledBack: { codes: ["40001", "40P01"], attempts: 3 },
  /** A read does no harm twice: the connection was lost or ended, or the server was not there at that moment. */
  readAgain: {
    codes: ["CONNECTION_LOST", "ECONNRESET", "ECONNREFUSED", "EPIPE", "08006", "57P01", "57P02", "57P03"],
    attempts: 3,
  },
} as const satisfies Record<string, RetryPolicy>;
