import type { Micros } from "../model/clock.ts";
import { type ClusterEvent, isPrimaryState } from "../model/event.ts";

/** Who led the group just before a moment: by the leader key or the monitor's word, else by the last writable answer; null when unknown. */
export function leaderAt(events: readonly ClusterEvent[], group: string, beforeUs: Micros): string | null {
  let byKey: string | null = null;
  let byAnswer: string | null = null;
  for (const event of events) {
    if (event.atUs >= beforeUs) break;
    if (event.kind === "leader-key-set" && event.group === group) byKey = event.leader;
    if (event.kind === "monitored-node" && event.group === group && isPrimaryState(event.assigned)) {
      byKey = event.member;
    }
    if (event.kind === "postgres-state" && event.group === group && event.inRecovery === false) {
      byAnswer = event.member;
    }
  }
  return byKey ?? byAnswer;
}
