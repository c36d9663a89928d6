import type { Micros } from "./clock.ts";
import type { Absence, ClusterEvent, EventOf } from "./event.ts";

type State = EventOf<"postgres-state">;

/** Looks at the members of one group "g", for tests: times are milliseconds. */
export const looks = {
  writable: (atMs: number, member: string, startedMs = 0): State =>
    answered(atMs, member, false, { startedMs, receivesFrom: null }),
  standby: (atMs: number, member: string, receivesFrom: string | null = null, startedMs = 0): State =>
    answered(atMs, member, true, { startedMs, receivesFrom }),
  refused: (atMs: number, member: string): State => absent(atMs, member, { why: "refused" }),
  ended: (atMs: number, member: string, seenMs: number): State =>
    absent(atMs, member, { why: "ended", seenUs: us(seenMs) }),
  silent: (atMs: number, member: string, seenMs: number): State =>
    absent(atMs, member, { why: "silent", seenUs: us(seenMs) }),
  /** What a primary says of its commits and standbys. */
  says: (
    atMs: number,
    primary: string,
    commitsWaitFor: number,
    synchronous: readonly string[] = [],
    canConfirm?: readonly string[],
  ): ClusterEvent => ({
    ...{ kind: "replication-state", atUs: us(atMs), group: "g", primary, commitsWaitFor },
    ...{ streaming: synchronous, synchronous, canConfirm },
  }),
};

/** As an older recording has it: neither why a member is absent, nor what a server says of itself. */
export function asBefore(event: ClusterEvent): ClusterEvent {
  if (event.kind === "replication-state") {
    const { commitsWaitFor: _commitsWaitFor, canConfirm: _canConfirm, ...rest } = event;
    return rest;
  }
  if (event.kind !== "postgres-state") return event;
  const { server: _server, absence: _absence, ...rest } = event;
  return rest;
}

function answered(
  atMs: number,
  member: string,
  inRecovery: boolean,
  { startedMs, receivesFrom }: { readonly startedMs: number; readonly receivesFrom: string | null },
): State {
  return {
    ...{ kind: "postgres-state", atUs: us(atMs), group: "g", member, reachable: true, inRecovery },
    ...{ timeline: 1, absence: null },
    server: { startedUs: us(startedMs), address: `${member}.test`, receivesFrom },
  };
}

function absent(atMs: number, member: string, absence: Absence): State {
  return {
    ...{ kind: "postgres-state", atUs: us(atMs), group: "g", member, reachable: false, inRecovery: null },
    ...{ timeline: null, server: null, absence },
  };
}

function us(ms: number): Micros {
  return ms * 1000;
}
