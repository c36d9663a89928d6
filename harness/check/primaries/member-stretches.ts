import type { Micros } from "../../model/clock.ts";
import type { EventOf, PostgresServer } from "../../model/event.ts";
import type { Stretch } from "../../stats/stretches.ts";

/** What one member was in a stretch of time, as far as that is proven. */
export interface MemberStretch {
  readonly fromUs: Micros;
  readonly toUs: Micros;
  /** `off`: nobody could be served by it. */
  readonly is: "writable" | "standby" | "off" | "unseen";
  /** Of a standby, the host it receives from; null: nobody, undefined: not known. */
  readonly receivesFrom?: string | null | undefined;
  /** What it was just before. */
  readonly was?: MemberStretch["is"] | undefined;
  /** It did not answer, and is known by what it was before and after. */
  readonly inferred?: boolean | undefined;
  /** No client can have had an answer from it, whatever the observer saw. */
  readonly cutOff?: boolean | undefined;
}

/** From when to when no client can have had an answer from a member, because it was killed, frozen or cut off. */
export interface Silence {
  readonly fromUs: Micros;
  readonly toUs: Micros;
  /** It was killed: nothing runs in it at the end either. */
  readonly endsStopped: boolean;
}

/**
 * A member that is away is looked at every 0.3 s, and a look between two that tell may fail: a server that was started,
 * promoted and stopped within this time is not seen.
 */
const looksApartUs = 1_000_000;

/** An observer that stood still has looked at every member again within this time. */
const lookedAgainUs = 500_000;

/**
 * What a member was from `fromUs` to `toUs`, by the looks at it in order and the silences it was put to. What a look
 * found holds until the next one that tells something. In between it is unseen, unless more is proven:
 *
 * - A server enters recovery by a start alone: one that answers as a standby has been one since it was started.
 * - One that was writable before and after, in the same process, was so all along.
 * - One that ended the observer's session and is refusing, or another process, next was stopped then.
 * - One that was not writable before and after is not looked at more closely than `looksApartUs`.
 * - What was killed, frozen or cut off serves nobody.
 *
 * `blind`: in which the observer itself did not look. What it found just afterwards to be otherwise was not seen since
 * then; what it found as before was so all along, if it is the same process.
 */
export function memberStretches(
  states: readonly EventOf<"postgres-state">[],
  silences: readonly Silence[],
  fromUs: Micros,
  toUs: Micros,
  blind: readonly Stretch[] = [],
): MemberStretch[] {
  const begun = states[0]?.atUs ?? toUs;
  const before: MemberStretch[] = begun > fromUs ? [{ fromUs, toUs: begun, is: "unseen" }] : [];
  const spans = spansOf(states, toUs, blind);
  return [...before, ...spans.flatMap((span, index) => proven(span, spans[index - 1], spans[index + 1]))]
    .map((stretch) => clipped(stretch, fromUs, toUs))
    .flatMap((stretch) => silenced(stretch, silences))
    .filter((stretch) => stretch.toUs > stretch.fromUs)
    .map((stretch, index, all) => (isStarting(stretch, silences, all[index + 1]) ? off(stretch) : stretch));
}

/** From one look that told something to the next; what lies between is one span, however often it was looked at. */
interface Span {
  readonly fromUs: Micros;
  readonly toUs: Micros;
  /** `ended`: not seen since the server itself ended the observer's session. */
  readonly is: MemberStretch["is"] | "ended";
  readonly server: PostgresServer | null;
}

function spansOf(
  states: readonly EventOf<"postgres-state">[],
  endUs: Micros,
  blind: readonly Stretch[],
): Span[] {
  const spans: Span[] = [];
  for (const [index, state] of states.entries()) {
    const next = states[index + 1];
    const is = whatIs(state);
    const unseenUs = spans.at(-1)?.toUs ?? state.atUs;
    if (is !== "unseen" && unseenUs < state.atUs)
      spans.push({ fromUs: unseenUs, toUs: state.atUs, is: "unseen", server: null });
    const previous = spans.at(-1);
    const fromUs = previous?.toUs ?? state.atUs;
    const toUs = Math.max(fromUs, next === undefined ? endUs : knownUntil(next, blind));
    const goesOn = is === "unseen" && (previous?.is === "unseen" || previous?.is === "ended");
    if (goesOn) spans.splice(-1, 1, { ...previous, toUs });
    else spans.push({ fromUs, toUs, is, server: state.server ?? null });
  }
  return spans;
}

function whatIs({ reachable, inRecovery, absence }: EventOf<"postgres-state">): Span["is"] {
  if (reachable) return inRecovery === false ? "writable" : "standby";
  if (absence?.why === "refused") return "off";
  return absence?.why === "ended" ? "ended" : "unseen";
}

/** A member that is silent was seen until the last look that told something, and no longer; none after the observer stood still. */
function knownUntil({ atUs, absence }: EventOf<"postgres-state">, blind: readonly Stretch[]): Micros {
  const toldUs = absence?.why === "silent" ? Math.min(atUs, absence.seenUs ?? atUs) : atUs;
  const still = blind.find(({ fromUs, toUs }) => fromUs < atUs && atUs <= toUs + lookedAgainUs);
  return Math.min(toldUs, still?.fromUs ?? toldUs);
}

function proven(span: Span, before: Span | undefined, after: Span | undefined): MemberStretch[] {
  const { fromUs, toUs, is, server } = span;
  const was = before?.is === "ended" ? "off" : before?.is;
  if (is !== "unseen" && is !== "ended") {
    return [{ fromUs, toUs, is, was, receivesFrom: is === "standby" ? server?.receivesFrom : undefined }];
  }
  const startedUs = after?.server?.startedUs ?? null;
  const sameProcess = startedUs !== null && startedUs <= fromUs;
  if (sameProcess && after?.is === "writable" && before?.is === "writable") {
    return [{ fromUs, toUs, is: "writable", was, inferred: true }];
  }
  // Until another process was started, or to its end where none was.
  const gone = { fromUs, toUs: startedUs === null ? toUs : Math.min(toUs, Math.max(fromUs, startedUs)), was };
  const anew = { fromUs: gone.toUs, toUs, was };
  const isStopped = is === "ended" && (after?.is === "off" || (startedUs !== null && !sameProcess));
  const isBrief =
    (was === "standby" || was === "off") &&
    (after?.is === "standby" || after?.is === "off") &&
    gone.toUs - gone.fromUs <= looksApartUs;
  const receivesFrom =
    before?.is === "standby" && before.server?.receivesFrom === after?.server?.receivesFrom
      ? after?.server?.receivesFrom
      : undefined;
  return [
    { ...gone, is: isStopped || isBrief ? "off" : "unseen" },
    after?.is === "standby" && startedUs !== null
      ? { ...anew, is: "standby", receivesFrom, inferred: true }
      : { ...anew, is: "unseen" },
  ];
}

function clipped(stretch: MemberStretch, fromUs: Micros, toUs: Micros): MemberStretch {
  return { ...stretch, fromUs: Math.max(stretch.fromUs, fromUs), toUs: Math.min(stretch.toUs, toUs) };
}

/** From the end of a silence in which nothing ran to the next look, as between two refusals. */
function isStarting(
  { fromUs, toUs, is }: MemberStretch,
  silences: readonly Silence[],
  next: MemberStretch | undefined,
): boolean {
  const wasStopped = silences.some((silence) => silence.endsStopped && silence.toUs === fromUs);
  const isTold = next?.is === "off" || next?.is === "standby";
  return is === "unseen" && wasStopped && isTold && toUs - fromUs <= looksApartUs;
}

function off(stretch: MemberStretch): MemberStretch {
  return { ...stretch, is: "off" };
}

/** Cuts a stretch where silences of the member begin and end. */
function silenced(stretch: MemberStretch, silences: readonly Silence[]): MemberStretch[] {
  const silence = silences.find(({ fromUs, toUs }) => fromUs < stretch.toUs && toUs > stretch.fromUs);
  if (silence === undefined) return [stretch];
  const fromUs = Math.max(stretch.fromUs, silence.fromUs);
  const toUs = Math.min(stretch.toUs, silence.toUs);
  const others = silences.filter((other) => other !== silence);
  const isSeen = stretch.is !== "unseen" && stretch.inferred !== true;
  return [
    ...silenced({ ...stretch, toUs: fromUs }, others),
    { ...stretch, fromUs, toUs, is: isSeen ? stretch.is : "off", cutOff: true },
    ...silenced({ ...stretch, fromUs: toUs }, others),
  ];
}
