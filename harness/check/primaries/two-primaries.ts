import { formatMoment } from "../../model/format-value.ts";
import type { Checker } from "../../model/checker.ts";
import { groupTitle } from "../../model/figure-names.ts";
import { COORDINATORS } from "../../model/layout.ts";
import type { CheckFinding } from "../../model/measurement.ts";
import type { GroupPrimaries, PrimariesStretch } from "../../model/primaries.ts";
import { findPrimaries } from "./find-primaries.ts";
import { ServerCounts, type ToldWrite, toldWrites, writesInWords } from "./told-writes.ts";
import { type GroupOfVariant, watchedGroups } from "./watched-groups.ts";

/** By the observers' looks at each member, and by what a primary waits for before it acknowledges. */
export const twoPrimaries: Checker = {
  name: "two-primaries",
  looksFor: "Two members of one group that were writable at once, and could both acknowledge commits.",
  needs: "a cluster that was ready, with a group of several members",
  metric: "acknowledging-primaries",
  check(history) {
    const groups = watchedGroups(history);
    if (groups.length === 0)
      return { notApplicable: "no cluster was ready, or no group had more than one member" };
    const writes = toldWrites(history);
    const primaries = groups.map((watched) => primariesOf(watched, writes));
    return {
      findings: primaries.flatMap(findingsOf),
      gaps: unprovenPrimaries(primaries),
      details: { primaries },
    };
  },
};

/** Each stretch of time with two that could acknowledge, else one finding of the group. */
export function findingsOf(group: GroupPrimaries): CheckFinding[] {
  const name = groupTitle(group);
  const undecided = (reason: string): CheckFinding => ({
    of: name,
    figure: { kind: "withheld", reason },
    n: 1,
  });
  if (!group.watched) return [undecided("no observer looked at PostgreSQL")];
  const certain = joined(group.stretches, couldAcknowledgeTwice);
  const unproven = joined(group.stretches, mayAcknowledgeTwice);
  if (certain.length + unproven.length === 0)
    return [{ of: name, figure: { kind: "value", value: 0 }, n: 1 }];
  return [
    ...certain.map((stretch): CheckFinding => {
      const { fromUs, toUs, able } = stretch;
      return {
        of: `${name}: ${inWords(stretch)}`,
        figure: { kind: "value", value: (toUs - fromUs) / 1000 },
        n: 1,
        moments: [{ fromUs, toUs }],
        members: able,
      };
    }),
    ...(unproven.length === 0 ? [] : [undecided(reasons(unproven.map(whyUnproven)))]),
  ];
}

/** Why it is not known that no two primaries could acknowledge, one sentence a stretch. */
export function unprovenPrimaries(groups: readonly GroupPrimaries[]): string[] {
  return groups.flatMap((group) =>
    joined(group.stretches, mayAcknowledgeTwice).map(
      (stretch) => `A second primary of ${groupTitle(group)} may have been missed: ${whyUnproven(stretch)}.`,
    ),
  );
}

function primariesOf(watched: GroupOfVariant, writes: Iterable<ToldWrite>): GroupPrimaries {
  const { variant, group } = watched;
  const stretches = findPrimaries(watched);
  // The probes' table lives on the coordinators alone.
  const acknowledged = group === COORDINATORS ? acknowledgedIn(stretches, writes) : null;
  return {
    variant,
    group,
    watched: isWatched(watched),
    stretches: stretches.map((stretch, index) => ({
      ...stretch,
      acknowledged: acknowledged?.[index] ?? null,
    })),
  };
}

function isWatched({ events, group }: GroupOfVariant): boolean {
  return events.some((event) => event.kind === "postgres-state" && event.group === group);
}

/** Of each stretch; null where no write said by whom it was acknowledged. */
function acknowledgedIn(
  stretches: readonly Pick<PrimariesStretch, "fromUs" | "toUs">[],
  writes: Iterable<ToldWrite>,
): PrimariesStretch["acknowledged"][] | null {
  if (stretches.length === 0) return null;
  const counts = stretches.map(() => new ServerCounts());
  let isTold = false;
  for (const write of writes) {
    isTold = true;
    const { endUs } = write.sample;
    stretches.forEach(({ fromUs, toUs }, index) => {
      if (endUs >= fromUs && endUs < toUs) counts[index]?.add(write);
    });
  }
  return isTold ? counts.map((each) => each.inOrder()) : null;
}

function inWords({ able, fromUs, toUs, acknowledged }: PrimariesStretch): string {
  const members = able.join(" and ");
  if (acknowledged === null) return `${members}, ${fromTo({ fromUs, toUs })}`;
  const idle = able.filter((member) => !acknowledged.some(({ server }) => server === member));
  const counts = [...acknowledged.map(writesInWords), ...idle.map((member) => `none by ${member}`)];
  return `${members}, ${fromTo({ fromUs, toUs })}; write probes acknowledged meanwhile: ${counts.join(", ")}`;
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
