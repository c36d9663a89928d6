import { z } from "zod";
import { getOverHttp } from "./get-over-http.ts";
import { lookRegularly, onChange, RETRY_MS, type Observing } from "./observing.ts";
import type { ObservedEtcd } from "../protocol/observer-spec.ts";

const TIMEOUT_MS = 1000;
/** Two members are never asked at the same moment, and what is written in between is no lag: some writes a second. */
const IN_SYNC_ENTRIES = 100;

/** Of POST /v3/maintenance/status, which a member answers by itself, quorum or none. 64-bit numbers come as text; 0 is left out. */
const memberStatus = z.object({
  header: z.object({ member_id: z.string(), raft_term: z.string().optional() }),
  leader: z.string().optional(),
  raftAppliedIndex: z.string().optional(),
});

/** Whom to ask of keys. */
export interface EtcdMembers {
  /** URLs of the members that know a leader, or have not been asked yet: what the others say may be old. */
  hosts(): readonly string[];
  /** Is it one of those? */
  isLed(host: string): boolean;
}

/** Watches what each member of etcd says of itself. */
export function observeEtcdMembers(members: readonly ObservedEtcd[], observing: Observing): EtcdMembers {
  const led = new Map<string, boolean>();
  let newest = 0n;
  for (const member of members) {
    const emit = onChange(observing);
    void lookRegularly(observing.signal, async () => {
      try {
        const { host, port, everyMs } = member;
        const call = { host, port, path: "/v3/maintenance/status", body: "{}", timeoutMs: TIMEOUT_MS };
        const status = readEtcdStatus(await getOverHttp(call));
        if (status.applied > newest) newest = status.applied;
        led.set(urlOf(member), status.state !== "leaderless");
        emit({
          kind: "etcd-member",
          atUs: observing.nowUs(),
          member: member.member,
          state: status.state,
          term: status.term,
          inSync: newest - status.applied <= IN_SYNC_ENTRIES,
        });
        return everyMs;
      } catch {
        led.set(urlOf(member), false);
        const [state, term, inSync] = ["unreachable", null, false] as const;
        emit({ kind: "etcd-member", atUs: observing.nowUs(), member: member.member, state, term, inSync });
        return RETRY_MS;
      }
    });
  }
  const isLed = (host: string): boolean => led.get(host) ?? true;
  return { isLed, hosts: () => members.map(urlOf).filter(isLed) };
}

function urlOf({ host, port }: ObservedEtcd): string {
  return `http://${host}:${port}`;
}

/** What a member's answer says. Throws when it is none. */
export function readEtcdStatus(body: string): {
  readonly state: "leader" | "follower" | "leaderless";
  readonly term: number;
  readonly applied: bigint;
} {
  const { header, leader = "0", raftAppliedIndex = "0" } = memberStatus.parse(JSON.parse(body));
  const state = leader === "0" ? "leaderless" : leader === header.member_id ? "leader" : "follower";
  return { state, term: Number(header.raft_term ?? 0), applied: BigInt(raftAppliedIndex) };
}
