import { formatCount, formatMoment } from "../harness/model/format-value.ts";
import type { AcknowledgedWrites, GroupPrimaries, PrimariesStretch } from "../harness/model/primaries.ts";
import type { Run } from "./run.ts";

/** Which two could both acknowledge writes, when, and what each acknowledged; empty: none. */
export function splitBrainInWords({ measurements }: Run): string {
  return measurements.primaries
    .flatMap((group) => group.stretches.filter(couldBoth).map((stretch) => splitBrain(group, stretch)))
    .join(" ");
}

/** How long two members were writable, though one of them alone could acknowledge; empty: never. */
export function harmlessPrimariesInWords({ measurements }: Run): string {
  return measurements.primaries
    .flatMap((group) => besideEachOther(group, group.stretches.filter(isHarmless)))
    .join(" ");
}

/** Two members were writable, and no more than one of them could acknowledge a commit. */
export function isHarmless({ writable, able, perhapsAble }: PrimariesStretch): boolean {
  return writable.length > 1 && able.length + perhapsAble.length < 2;
}

export function couldBoth({ able }: PrimariesStretch): boolean {
  return able.length > 1;
}

/** "601 by coordinator-1 (timeline 1), none by coordinator-2"; null where the writes do not say by whom. */
export function acknowledgedInWords(
  acknowledged: readonly AcknowledgedWrites[] | null,
  members: readonly string[],
): string | null {
  if (acknowledged === null) return null;
  const idle = members.filter((member) => !acknowledged.some(({ server }) => server === member));
  return [
    ...acknowledged.map(
      ({ server, timeline, writes }) =>
        `${formatCount(writes)} by ${server ?? "a server without an address"} (timeline ${timeline})`,
    ),
    ...idle.map((member) => `none by ${member}`),
  ].join(", ");
}

/** The members of a stretch that were writable, or were not seen. */
export function membersOf({ writable, unseen }: PrimariesStretch): readonly string[] {
  return [...writable, ...unseen];
}

function splitBrain({ variant }: Pick<GroupPrimaries, "variant">, stretch: PrimariesStretch): string {
  const { able, fromUs, toUs, acknowledged } = stretch;
  const where = variant === "" ? "" : `${variant}: `;
  const writes = acknowledgedInWords(acknowledged, able);
  return (
    `Split brain: ${where}${able.join(" and ")} could both acknowledge writes from ${formatMoment(fromUs)} to ` +
    `${formatMoment(toUs)}${writes === null ? "" : `; of the write probes, ${writes}`}.`
  );
}

function besideEachOther(
  { group, variant }: Pick<GroupPrimaries, "group" | "variant">,
  stretches: readonly PrimariesStretch[],
): string[] {
  if (stretches.length === 0) return [];
  const ms = stretches.reduce((sum, { fromUs, toUs }) => sum + (toUs - fromUs), 0) / 1000;
  const where = variant === "" ? group : `${group} (${variant})`;
  return [
    `Two members of ${where} were writable at once for ${formatCount(Math.round(ms))} ms in all, and only one of them ` +
      "could acknowledge writes: the other waited for standbys that did not receive from it, or no client reached it.",
  ];
}
