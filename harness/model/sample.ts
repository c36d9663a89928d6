import type { Micros } from "./clock.ts";

/**
 * How an operation ended. `failed`: it certainly did not take effect. `unknown`: nobody told the client
 * (a write whose reply was lost or late); it may or may not have taken effect.
 */
export type Outcome = "ok" | "failed" | "unknown";

/**
 * A probe's operation that is sent later than by this share of its time-out has too little of it left for its silence to
 * say anything of the service.
 */
export const lateShareOfTimeout = 0.1;

/** The code of an operation that the client itself could not send: it says nothing of the cluster. */
export const neverSentCode = "NEVER_SENT";

/** One operation as the client saw it. Latency is `endUs - intendedUs`; service time is `endUs - startUs`. */
export interface Sample {
  /** Number of the operation within its stream, from 1; for writes also the row's id in the ledger. */
  readonly id: number;
  /** When the schedule wanted it to start. */
  readonly intendedUs: Micros;
  /** When it did start. */
  readonly startUs: Micros;
  readonly endUs: Micros;
  readonly outcome: Outcome;
  /** SQLSTATE where the server gave one, else a client code such as `ECONNRESET` or `CLIENT_TIMEOUT`; null when ok. */
  readonly code: string | null;
  /** Of an acknowledged write that was asked for it: who acknowledged. Absent in older recordings. */
  readonly acknowledgedBy?: Acknowledgement | undefined;
}

/** Where a write was committed, as the server itself said in its answer. */
export interface Acknowledgement {
  /** The timeline that the server wrote to: each promotion begins a new one. */
  readonly timeline: number;
  /** The server's address; null where the connection to it (a pooler's) was a Unix socket. */
  readonly address: string | null;
}

/** Codes of a client that did not see an answer, or a connection, within its time-out. */
export const timeoutCodes = ["CLIENT_TIMEOUT", "CONNECT_TIMEOUT"] as const;

/**
 * The streams of operations that an agent sends. Each has its own file of samples. `worker-1-write-probe` writes to a
 * shard of that group, `write-probe` to a table of the coordinators' own, `direct-coordinator-1` to one through that member.
 */
export type StreamName =
  | "write-probe"
  | "read-probe"
  | `${string}-write-probe`
  | `${string}-read-probe`
  | `mix-${string}`
  | DirectStreamName;

export type DirectStreamName = `direct-${string}`;

/** What a stream's operations do, so that measurements and checks know how to read it. */
export interface StreamDescription {
  readonly name: StreamName;
  readonly kind: "read" | "write";
  /** The table whose `id` column holds the acknowledged writes; null where nothing is to be looked for. */
  readonly ledgerTable: string | null;
  /** Operations per second wanted. */
  readonly ratePerSecond: number;
  /** The client's time-out: an operation that is not answered by then was not served. Milliseconds. */
  readonly timeoutMs: number;
  /** The worker group whose shards it probes; left out of all other streams. */
  readonly group?: string | undefined;
  /** The member of PostgreSQL that it writes to directly; left out of all other streams. */
  readonly member?: string | undefined;
}

/** A probe of the coordinators, or of a worker group's shards. */
export function probeStream(kind: StreamDescription["kind"], group?: string): StreamName {
  return group === undefined ? `${kind}-probe` : `${group}-${kind}-probe`;
}

/** Whether it is there to measure availability: no part of the background's mix, nor a writer to one member. */
export function isProbe({ name }: Pick<StreamDescription, "name">): boolean {
  return !name.startsWith("mix-") && !isDirect(name);
}

/** Whether it writes to one member, whoever that is at the time: that a standby refuses is not counted anywhere. */
export function isDirect(name: StreamName): name is DirectStreamName {
  return name.startsWith("direct-");
}
