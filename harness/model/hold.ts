/**
 * What a fault may be held for, in words of what the observers see:
 * - `circuit-open`: HAProxy has the victim's server down in every backend that had it up;
 * - `new-primary`: another member holds the leader key of the victim's group, and takes writes.
 */
export type HoldUntil = "circuit-open" | "new-primary";

/** What a fault's healing waits for, besides the service. */
export interface Hold {
  /**
   * Healed not before this was seen, within a budget of its own. Without it (and `leastSeconds`) a fault is healed as
   * soon as the probes are served, which may be before what is asked could happen.
   */
  readonly holdUntil?: HoldUntil | undefined;
  /** Healed not sooner than this after the fault. */
  readonly leastSeconds?: number | undefined;
  /** Healed so long after the fault, whether the probes are served or not. Neither of the others beside it. */
  readonly healAfterSeconds?: number | undefined;
}

/** What is awaited, in few words. */
export const holdWords: Readonly<Record<HoldUntil, string>> = {
  "circuit-open": "HAProxy's circuit is open",
  "new-primary": "there is a new primary",
};
