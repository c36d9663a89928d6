import type { Episode } from "../model/measurement.ts";
import { lastingWindowMs } from "../model/metric.ts";
import { neverSentCode, type Sample } from "../model/sample.ts";
import { type Samples, toColumns } from "../model/samples.ts";
import { union, type Stretch } from "../stats/stretches.ts";
import { lateFromMs } from "./client-stalls.ts";
import { findEpisodes } from "./find-episodes.ts";
import { wasServed } from "./was-served.ts";

/** What a probe saw of its service. Where it did not look, both may be true: served, and not served. */
export interface ServiceSeen {
  /** In which it was seen to go unserved: what lies in none of these was served, as far as was seen. */
  readonly unserved: readonly Episode[];
  /** In which it was not seen to be served: those above, and every stretch in which the client did not look. */
  readonly notSeenServed: readonly Stretch[];
}

export interface Seeing {
  readonly timeoutMs: number;
  /** Between two operations of the probe. */
  readonly intervalUs: number;
  /** In which the client itself did not act, in order; see client-stalls.ts. */
  readonly stalls: readonly Stretch[];
}

/** More than this many intervals between two looks, and at least one look is missing. */
const missingFromIntervals = 1.5;

/**
 * What a probe's samples, in order of intended start, say of its service, and what they leave open.
 *
 * Every operation that was sent is a look at the service from its start on: at its intended start when it was sent
 * within one interval of it, else at its actual start, and then it says nothing of the time before. An operation says
 * nothing at all when it was never sent; when it was not served and had been sent later than by a tenth of its time-out;
 * and when it ran into its time-out while the client stalled, since its answer may have lain unread. Where looks are
 * missing, service may have been there all the time, from when the next look was due: so much is the least that went
 * unserved. Or it may have been missing all the time: to the next look where the last one before was served, else to the
 * end of the first success that was sent afterwards. So much is the most.
 */
export function seeService(samples: Samples, seeing: Seeing): ServiceSeen {
  const { timeoutMs } = seeing;
  const looks = toColumns(looksOf(samples, seeing));
  const gaps = gapsBetween(samples, looks, seeing);
  if (gaps.length === 0) {
    const unserved = findEpisodes(looks, timeoutMs);
    return { unserved, notSeenServed: unserved.map(asStretch) };
  }
  const episodesWith = (supposed: readonly Sample[], lastingMs: number): Episode[] =>
    findEpisodes(toColumns(both(looks, supposed)), timeoutMs, lastingMs);
  const lastUs = samples.at(-1)?.intendedUs ?? 0;
  const served = [...gaps.map(({ fromUs }) => fromUs), lastUs].map((atUs) => supposedLook(atUs, "ok"));
  const missed = gaps.flatMap(({ fromUs, amidService }) =>
    amidService ? [] : [supposedLook(fromUs, "failed")],
  );
  const unserved = episodesWith(served, lastingWindowMs);
  return {
    unserved,
    notSeenServed: union([
      ...gaps.filter(({ amidService }) => amidService),
      ...[...unserved, ...episodesWith(missed, 0)].map(asStretch),
    ]),
  };
}

/** From when a look was due that is missing to the next one. */
interface Gap extends Stretch {
  /** The last look before it was served, and there is one after it. */
  readonly amidService: boolean;
}

function gapsBetween(samples: Samples, looks: Samples, { timeoutMs, intervalUs }: Seeing): Gap[] {
  const [first, last] = [samples.at(0), samples.at(-1)];
  if (first === undefined || last === undefined) return [];
  const gaps: Gap[] = [];
  let expectedUs = first.intendedUs;
  let before: Sample | undefined;
  for (const look of both(looks, [last])) {
    const toUs = look.intendedUs;
    const isLast = look.id === last.id && toUs === last.intendedUs;
    if (toUs - expectedUs > (missingFromIntervals - 1) * intervalUs) {
      const servedBefore = before === undefined || wasServed(before, timeoutMs);
      gaps.push({ fromUs: expectedUs, toUs, amidService: servedBefore && !isLast });
    }
    expectedUs = toUs + intervalUs;
    before = look;
  }
  return gaps;
}

/** The looks, each with the moment of which it speaks as its intended start. */
function* looksOf(samples: Samples, { timeoutMs, intervalUs, stalls }: Seeing): Iterable<Sample> {
  const timeoutUs = timeoutMs * 1000;
  const stalled = stalls.map(({ fromUs, toUs }) => ({
    fromUs: fromUs - intervalUs,
    toUs: toUs + intervalUs,
  }));
  let stall = 0;
  for (const sample of samples) {
    const { intendedUs, startUs, endUs, code } = sample;
    const deadlineUs = intendedUs + timeoutUs;
    while ((stalled[stall]?.toUs ?? Infinity) < deadlineUs) stall++;
    if (code === neverSentCode) continue;
    const lateUs = startUs - intendedUs;
    const look = lateUs > intervalUs ? { ...sample, intendedUs: startUs } : sample;
    if (!wasServed(look, timeoutMs)) {
      if (lateUs > lateFromMs(timeoutMs) * 1000) continue;
      if (endUs >= deadlineUs && (stalled[stall]?.fromUs ?? Infinity) <= deadlineUs) continue;
    }
    yield look;
  }
}

/** Stands for the looks that are missing from a moment on. */
function supposedLook(atUs: number, outcome: "ok" | "failed"): Sample {
  return { id: 0, intendedUs: atUs, startUs: atUs, endUs: atUs, outcome, code: null };
}

function* both(first: Iterable<Sample>, second: Iterable<Sample>): Iterable<Sample> {
  yield* first;
  yield* second;
}

function asStretch({ fromUs, toUs }: Episode): Stretch {
  return { fromUs, toUs: toUs ?? Infinity };
}
