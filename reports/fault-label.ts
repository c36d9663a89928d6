import type { VictimRole } from "../harness/model/advice.ts";

/** "pause-node, synchronous standby"; a victim that is not said to be another was the primary, or no coordinator. */
export function faultLabel({
  fault,
  role,
}: {
  readonly fault: string;
  readonly role: VictimRole | null;
}): string {
  return role === null || role === "primary" ? fault : `${fault}, ${role}`;
}
