import type { Micros } from "../model/clock.ts";
import { groupTitle } from "../model/figure-names.ts";
import type { Figure, NamedFigure } from "../model/measurement.ts";
import type { MetricName } from "../model/metric.ts";
import type { GroupPrimaries, PrimariesStretch, SecondAcknowledgements } from "../model/primaries.ts";
import { figureWithin } from "../stats/figures.ts";
import { formatMoment } from "../model/format-value.ts";

/** From a moment to a moment. */
export type Window = readonly [fromUs: Micros, toUs: Micros];

/** How long two members of any group were writable at once within the windows, which do not overlap. Milliseconds. */
export function twoPrimariesMs(groups: readonly GroupPrimaries[], windows: readonly Window[]): Figure {
  if (!groups.some(({ watched }) => watched)) {
    return { kind: "withheld", reason: "no observer looked at a group of several members" };
  }
  const stretches = groups.flatMap((group) => group.stretches);
  const lastedUs = (of: readonly PrimariesStretch[]): number =>
    of.reduce(
      (sum, stretch) => sum + windows.reduce((within, window) => within + overlap(stretch, window), 0),
      0,
    );
  const seen = lastedUs(stretches.filter(({ writable }) => writable.length > 1));
  return figureWithin(seen / 1000, lastedUs(stretches) / 1000);
}

/**
 * What of a run's primaries targets are judged by: each stretch of time with two that could acknowledge, else one figure
 * a group, and the writes that a second one acknowledged.
 */
export function primariesFigures(
  groups: readonly GroupPrimaries[],
  second: SecondAcknowledgements | null,
): NamedFigure[] {
  return [...groups.flatMap(ofGroup), ...(second === null ? [] : [ofSecond(second)])];
}

/** Why it is not known that no two primaries could acknowledge, one sentence a stretch. */
export function unprovenPrimaries(groups: readonly GroupPrimaries[]): string[] {
  return groups.flatMap((group) =>
    joined(group.stretches, mayAcknowledgeTwice).map(
      (stretch) => `A second primary of ${groupTitle(group)} may have been missed: ${whyUnproven(stretch)}.`,
    ),
  );
}

function ofGroup(group: GroupPrimaries): NamedFigure[] {
  const name = groupTitle(group);
  if (!group.watched) {
    return [acknowledging(name, { kind: "withheld", reason: "no observer looked at PostgreSQL" })];
  }
  const certain = joined(group.stretches, couldAcknowledgeTwice);
  const unproven = joined(group.stretches, mayAcknowledgeTwice);
  if (certain.length + unproven.length === 0) return [acknowledging(name, { kind: "value", value: 0 })];
  return [
    ...certain.map((stretch) =>
      acknowledging(`${name}: ${inWords(stretch)}`, {
        kind: "value",
        value: (stretch.toUs - stretch.fromUs) / 1000,
      }),
    ),
    ...(unproven.length === 0
      ? []
      : [acknowledging(name, { kind: "withheld", reason: reasons(unproven.map(whyUnproven)) })]),
  ];
}

function acknowledging(of: string, figure: Figure): NamedFigure {
  return named("acknowledging-primaries", of, figure, 1);
}

function ofSecond({ told, untold, writes, byServer }: SecondAcknowledgements): NamedFigure {
  const n = told + untold;
  const name = "second-primary-writes";
  const of = writes === 0 ? "write-probe" : `write-probe: ${byServer.map(byInWords).join(", ")}`;
  if (n === 0) return named(name, of, { kind: "withheld", reason: "no write probe was acknowledged" }, n);
  if (untold === 0) return named(name, of, { kind: "value", value: writes }, n);
  if (writes > 0) return named(name, of, { kind: "at-least", value: writes }, n);
  const reason = `${untold} of ${n} acknowledged writes do not say which server committed them`;
  return named(name, of, { kind: "withheld", reason }, n);
}

function inWords({ able, fromUs, toUs, acknowledged }: PrimariesStretch): string {
  const members = able.join(" and ");
  if (acknowledged === null) return `${members}, ${fromTo({ fromUs, toUs })}`;
  const idle = able.filter((member) => !acknowledged.some(({ server }) => server === member));
  const counts = [...acknowledged.map(byInWords), ...idle.map((member) => `none by ${member}`)];
  return `${members}, ${fromTo({ fromUs, toUs })}; write probes acknowledged meanwhile: ${counts.join(", ")}`;
}

function byInWords({ server, timeline, writes }: SecondAcknowledgements["byServer"][number]): string {
  return `${writes} by ${server ?? "a server without an address"} on timeline ${timeline}`;
}

function whyUnproven({ unseen, able, perhapsAble, fromUs, toUs }: PrimariesStretch): string {
  const missed = unseen.filter((member) => perhapsAble.includes(member));
  const when = fromTo({ fromUs, toUs });
  if (missed.length > 0)
    return `${missed.join(" and ")} ${missed.length > 1 ? "were" : "was"} not seen ${when}`;
  return `whether ${[...able, ...perhapsAble].sort().join(" and ")} could both acknowledge is not known ${when}`;
}

function fromTo({ fromUs, toUs }: Pick<PrimariesStretch, "fromUs" | "toUs">): string {
  return `from ${formatMoment(fromUs)} to ${formatMoment(toUs)}`;
}

const reasonsShown = 3;

function reasons(all: readonly string[]): string {
  const more = all.length - reasonsShown;
  return all.slice(0, reasonsShown).join("; ") + (more > 0 ? `; and ${more} more` : "");
}

function couldAcknowledgeTwice({ able }: PrimariesStretch): boolean {
  return able.length > 1;
}

function mayAcknowledgeTwice({ able, perhapsAble }: PrimariesStretch): boolean {
  return able.length < 2 && able.length + perhapsAble.length > 1;
}

/** Stretches that fit, each with those that follow without a gap and say the same of who could acknowledge. */
function joined(
  stretches: readonly PrimariesStretch[],
  fits: (stretch: PrimariesStretch) => boolean,
): PrimariesStretch[] {
  const found: PrimariesStretch[] = [];
  for (const stretch of stretches.filter(fits)) {
    const last = found.at(-1);
    const follows =
      last?.toUs === stretch.fromUs &&
      last.able.join() === stretch.able.join() &&
      last.perhapsAble.join() === stretch.perhapsAble.join() &&
      last.unseen.join() === stretch.unseen.join();
    if (follows) found.splice(-1, 1, { ...last, toUs: stretch.toUs, acknowledged: added(last, stretch) });
    else found.push(stretch);
  }
  return found;
}

function added(one: PrimariesStretch, other: PrimariesStretch): PrimariesStretch["acknowledged"] {
  if (one.acknowledged === null || other.acknowledged === null) return null;
  const sum = [...one.acknowledged];
  for (const more of other.acknowledged) {
    const index = sum.findIndex(
      ({ server, timeline }) => server === more.server && timeline === more.timeline,
    );
    const before = sum[index];
    if (before === undefined) sum.push(more);
    else sum[index] = { ...before, writes: before.writes + more.writes };
  }
  return sum;
}

function overlap({ fromUs, toUs }: PrimariesStretch, [beginUs, endUs]: Window): number {
  return Math.max(0, Math.min(toUs, endUs) - Math.max(fromUs, beginUs));
}

function named(metric: MetricName, of: string, figure: Figure, n: number): NamedFigure {
  return { metric, of, fault: null, figure, n };
}
