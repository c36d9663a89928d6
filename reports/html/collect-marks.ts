import type { ClusterEvent, InjectionMoment } from "../../harness/model/event.ts";
import type { Mark } from "./chart-data.ts";
import { describeEvent } from "./describe-event.ts";

/** The observed events that belong under the time line: leader keys, promotions and losses, proxy ups and downs, faults. */
export function collectMarks(events: readonly ClusterEvent[]): Mark[] {
  const marks: Mark[] = [];
  const before = new Map<string, string>();
  for (const event of events) {
    const place = placeOf(event);
    if (place === null) continue;
    if (event.kind === "postgres-state") {
      const state = `${event.reachable} ${event.inRecovery}`;
      if (before.get(event.member) === state) continue;
      before.set(event.member, state);
    }
    marks.push({ ...place, at: event.atUs / 1_000_000, text: describeEvent(event) });
  }
  return marks;
}

function placeOf(event: ClusterEvent): Pick<Mark, "lane" | "tone"> | null {
  if (event.kind === "leader-key-set") return { lane: "leader key", tone: "good" };
  if (event.kind === "leader-key-gone") return { lane: "leader key", tone: "bad" };
  if (event.kind === "postgres-state") {
    if (!event.reachable) return { lane: "PostgreSQL", tone: "bad" };
    return { lane: "PostgreSQL", tone: event.inRecovery === false ? "good" : "neutral" };
  }
  if (event.kind === "proxy-server") {
    const lane = event.backend === "read_only" ? "HAProxy read_only" : "HAProxy read_write";
    return { lane, tone: event.up ? "good" : "bad" };
  }
  if (event.kind !== "injection") return null;
  const tone = injectionTones[event.moment];
  return tone === undefined ? null : { lane: "fault", tone };
}

const injectionTones: Partial<Record<InjectionMoment, Mark["tone"]>> = {
  injected: "bad",
  failed: "bad",
  recovered: "neutral",
  healed: "good",
};
