import type { ClusterEvent } from "../model/event.ts";

/** What happened to each variant's cluster; before the first is named, to the only one. */
export function eventsByVariant(
  events: readonly ClusterEvent[],
): readonly (readonly [variant: string, events: readonly ClusterEvent[]])[] {
  const parts = new Map<string, ClusterEvent[]>();
  let variant = "";
  for (const event of events) {
    if (event.kind === "variant") variant = event.variant;
    const part = parts.get(variant) ?? [];
    parts.set(variant, part);
    part.push(event);
  }
  return [...parts];
}
