import { z } from "zod";
import type { MemberRole } from "../../model/event.ts";
import { getOverHttp } from "./get-over-http.ts";
import { lookRegularly, onChange, RETRY_MS, type Observing } from "./observing.ts";
import type { ObservedMember } from "../protocol/observer-spec.ts";

/** While PostgreSQL does not answer it, Patroni asks again for a while before it answers us. */
const TIMEOUT_MS = 2000;

/** The part of GET /patroni that is read; the answer is the same whatever the HTTP status says. */
const memberStatus = z.object({
  state: z.string(),
  role: z.string(),
  timeline: z.number().optional(),
  replication_state: z.string().optional(),
  sync_standby: z.boolean().optional(),
  quorum_standby: z.boolean().optional(),
});

/** Watches what one member's Patroni says of it. Members that are not well are looked at more often. */
export async function observePatroni(
  member: ObservedMember & { readonly restPort: number },
  observing: Observing,
): Promise<void> {
  const emit = onChange(observing);
  const told = (role: MemberRole, state: string, timeline: number | null): void =>
    emit({
      kind: "member-state",
      atUs: observing.nowUs(),
      group: member.group,
      member: member.member,
      role,
      state,
      timeline,
    });
  await lookRegularly(observing.signal, async () => {
    try {
      const { host, restPort: port } = member;
      const body = await getOverHttp({ host, port, path: "/patroni", timeoutMs: TIMEOUT_MS });
      const status = memberStatus.parse(JSON.parse(body));
      const synchronous = status.sync_standby === true || status.quorum_standby === true;
      const state = status.state === "running" ? (status.replication_state ?? status.state) : status.state;
      told(synchronous ? "sync_standby" : status.role, state, status.timeline ?? null);
      return status.state === "running" ? member.patroniEveryMs : Math.min(RETRY_MS, member.patroniEveryMs);
    } catch {
      told("unreachable", "unreachable", null);
      return RETRY_MS;
    }
  });
}
