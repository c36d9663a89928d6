import { formatCount, formatFigure, formatMoment } from "../harness/model/format-value.ts";
import { invariantHeld, whyInvariantUnknown } from "../harness/model/invariant-held.ts";
import type { LedgerMeasurement } from "../harness/model/measurement.ts";
import type { AcknowledgedWrites, GroupPrimaries, PrimariesStretch } from "../harness/model/primaries.ts";
import { highestOf } from "../harness/stats/figures.ts";
import { findingsInOneLine } from "./checks-in-words.ts";
import type { Run } from "./run.ts";

/**
 * What became of the data: what was lost in a run of faults, whether invariants hold after a benchmark, whether there
 * were two primaries, and what else checkers found.
 */
export function dataInOneLine(run: Run): string {
  const { load, benchmark } = run.recording.plan;
  const lost = load === null ? "" : lostInOneLine(run);
  const invariants = benchmark === null ? "" : invariantsInOneLine(run);
  return [splitBrainInWords(run), findingsInOneLine(run), lost, invariants, harmlessPrimariesInWords(run)]
    .filter((line) => line !== "")
    .join(" ");
}

/** What was lost, in one line, by the ledgers of the whole run. What was lost comes first. */
export function lostInOneLine(run: Run): string {
  const { ledgers } = run.measurements;
  if (ledgers.length === 0) return "Not known what was lost: no ledger was read back.";
  const kept = ledgers.filter(lostNothing);
  const others = ledgers.filter((ledger) => !lostNothing(ledger)).map(lossOf);
  return [
    ...others,
    ...(kept.length > 0 ? [keptOf(kept, allRead(run))] : []),
    ...ledgers.flatMap(ghostsOf),
  ].join(" ");
}

function lostNothing({ acknowledgedMissing }: LedgerMeasurement): boolean {
  return acknowledgedMissing.kind === "value" && acknowledgedMissing.value === 0;
}

/** Every injection's ledgers and the last ones were read: only then nothing was lost, and not only nothing found. */
function allRead({ recording, measurements }: Run): boolean {
  const known = measurements.injections.every(({ lostWrites }) => lostWrites.kind === "value");
  const last = recording.ledgers.filter(({ injection }) => injection === null);
  const closed = measurements.ledgers.every(({ stream }) =>
    last.some((reading) => reading.stream === stream),
  );
  return recording.end.kind === "complete" && known && closed;
}

function keptOf(ledgers: readonly LedgerMeasurement[], all: boolean): string {
  const parts = ledgers.map(
    ({ acknowledged, stream }, index) =>
      `all ${formatCount(acknowledged)}${index === 0 ? " acknowledged writes" : ""} of ${stream}`,
  );
  const claim = all ? "Nothing lost" : "Nothing lost as far as ledgers were read back";
  return `${claim}: ${parts.join(" and ")} were found afterwards.`;
}

function lossOf({ acknowledgedMissing, acknowledged, stream }: LedgerMeasurement): string {
  const writes = `${formatCount(acknowledged)} acknowledged writes of ${stream}`;
  if (acknowledgedMissing.kind === "withheld")
    return `Not known what was lost of ${writes}: ${acknowledgedMissing.reason}.`;
  return `Lost: ${formatFigure(acknowledgedMissing, "rows")} of ${writes}.`;
}

function ghostsOf({ failedButPresent, stream }: LedgerMeasurement): string[] {
  if (failedButPresent.kind === "withheld" || highestOf(failedButPresent) === 0) return [];
  return [`Present though failed: ${formatFigure(failedButPresent, "rows")} of ${stream}.`];
}

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
