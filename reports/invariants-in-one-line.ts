import { formatCount } from "../harness/model/format-value.ts";
import { invariantHeld, whyInvariantUnknown } from "../harness/model/invariant-held.ts";
import type { Run } from "./run.ts";

/** Whether the data is what the workload's operations must have left, in one line. What is wrong comes first. */
export function invariantsInOneLine({ measurements }: Run): string {
  const list = measurements.invariants;
  if (list.length === 0) return "Not known whether the data is right: no invariant was checked.";
  const broken = list.filter((one) => invariantHeld(one) === "fail");
  const unread = list.filter(({ found }) => found === null);
  const hidden = list.filter((one) => one.found !== null).flatMap((one) => whyInvariantUnknown(one) ?? []);
  const held = list.length - broken.length - unread.length - hidden.length;
  const wrong = broken.map(({ title, found, atLeast, atMost, variant, evidence }) => {
    const where = variant === "" ? "" : `${variant}: `;
    const bounds =
      atLeast === atMost ? formatCount(atLeast) : `${formatCount(atLeast)} to ${formatCount(atMost)}`;
    const more = evidence === undefined ? "" : ` ${evidence}`;
    return `The data is wrong: ${where}${title}: found ${formatCount(found ?? 0)}, allowed ${bounds}.${more}`;
  });
  const unknown = [
    ...(unread.length === 0 ? [] : [`Not read: ${unread.map(({ title }) => title).join("; ")}.`]),
    ...(hidden.length === 0 ? [] : [`Not known: ${hidden.join("; ")}.`]),
  ];
  const right =
    held === list.length
      ? [`The data is right: ${held === 1 ? "the one invariant holds" : `all ${held} invariants hold`}.`]
      : [`${held} of ${list.length} invariants hold.`];
  return [...wrong, ...unknown, ...right].join(" ");
}
