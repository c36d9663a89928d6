import type { Micros } from "./clock.ts";

/**
 * A stretch in which more than one member of a group was a primary, or may have been one. Writable alone is no danger:
 * a primary whose commits wait for standbys that follow another can acknowledge nothing.
 */
export interface PrimariesStretch {
  readonly fromUs: Micros;
  readonly toUs: Micros;
  /** Were seen to be writable: they answered, and were not in recovery. */
  readonly writable: readonly string[];
  /** Were not seen, and nothing else proves that they were not writable. */
  readonly unseen: readonly string[];
  /** Of all these, those that could acknowledge a commit, ... */
  readonly able: readonly string[];
  /** ... and those of which that is not known. */
  readonly perhapsAble: readonly string[];
  /** Acknowledged write probes that ended in it, by who says that it committed them; null where no answer says so. */
  readonly acknowledged: readonly AcknowledgedWrites[] | null;
}

/** Acknowledged write probes by one server on one timeline. */
export interface AcknowledgedWrites {
  /** The member; its address where no observer saw a member there; null where the answers have none. */
  readonly server: string | null;
  readonly timeline: number;
  readonly writes: number;
}

/** The primaries of one group of several members, from when the cluster was ready to the end of load. */
export interface GroupPrimaries {
  /** Empty when there is only one. */
  readonly variant: string;
  readonly group: string;
  /** Did an observer ever look at PostgreSQL there? */
  readonly watched: boolean;
  /** In order; empty: there was never more than one primary, and that is proven. */
  readonly stretches: readonly PrimariesStretch[];
}

/** Acknowledged write probes, looked through for two servers that acknowledged at once. */
export interface SecondAcknowledgements {
  /** Of all that were acknowledged, those that say by whom, and those that do not. */
  readonly told: number;
  readonly untold: number;
  /** Acknowledged by a second primary. */
  readonly writes: number;
  /** Ids of these, at most the first 100. */
  readonly ids: readonly number[];
  /** The same by server. */
  readonly byServer: readonly AcknowledgedWrites[];
}
