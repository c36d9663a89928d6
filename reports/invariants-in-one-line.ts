import { formatCount } from "../harness/model/format-value.ts";
import { invariantHeld } from "../harness/model/invariant-held.ts";
import type { Run } from "./run.ts";

/** Whether the data is what the workload's operations must have left, in one line. What is wrong comes first. */
export function invariantsInOneLine({ measurements }: Run): string {
  const list = measurements.invariants;
  if (list.length === 0) return "Not known whether the data is right: no invariant was checked.";
  const broken = list.filter((one) => invariantHeld(one) === "fail");
  const unread = list.filter((one) => invariantHeld(one) === "unknown");
  const held = list.length - broken.length - unread.length;
  const wrong = broken.map(({ title, found, atLeast, atMost, variant }) => {
    const where = variant === "" ? "" : `${variant}: `;
    return `The data is wrong: ${where}${title}: found ${formatCount(found ?? 0)}, allowed ${formatCount(atLeast)} to ${formatCount(atMost)}.`;
  });
  const unknown = unread.length === 0 ? [] : [`Not read: ${unread.map(({ title }) => title).join("; ")}.`];
  const right =
    held === list.length
      ? [`The data is right: ${held === 1 ? "the one invariant holds" : `all ${held} invariants hold`}.`]
      : [`${held} of ${list.length} invariants hold.`];
  return [...wrong, ...unknown, ...right].join(" ");
}
