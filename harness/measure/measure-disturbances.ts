import type { ClientSettings } from "../model/benchmark.ts";
import type { Micros } from "../model/clock.ts";
import {
  injectionTitle,
  kindTitle,
  stageTitle,
  sustainedParts,
  sustainedTitle,
} from "../model/figure-names.ts";
import { formatSeconds } from "../model/format-value.ts";
import type {
  Disturbance,
  Figure,
  InjectionMeasurement,
  LatencyFigures,
  NamedFigure,
  RecallMeasurement,
} from "../model/measurement.ts";
import type { ExactAnswer } from "../model/search.ts";
import type { RecordedStage, StageSecond } from "../model/stage.ts";
import { figureWithin, highestOf, knownFigures, lowestOf, type KnownFigure } from "../stats/figures.ts";
import { percentileOfDue, type RankedOperations } from "../stats/ranked-operations.ts";
import { steadySeconds, stretchOf, sustainedStages } from "../stats/steady-phase.ts";
import { latencyFigures } from "./latency-figures.ts";
import { measureRecall, recallFigures } from "./measure-recall.ts";
import { measureOperations, rankLatencies } from "./measure-operations.ts";

/** A p99 of one second of load is mostly chance; that of five needs 200 operations per second. */
const WINDOW_US = 5_000_000;
const TOO_SHORT = "the load was watched for less than five seconds";
/** The last window ends with a second of the load, and that with the injection's window: each a second before at most. */
const LAST_WINDOW_ENDS_WITHIN_US = 2_000_000;
/** Latency is back when it is at most this many times the highest that it was before. */
const BACK_WITHIN = 1.1;

/** What the load's operations are judged by. */
type Settings = Pick<ClientSettings, "engine" | "timeoutMs">;

/** What each injection did to the load that was sustained under it; nothing where none was. */
export function measureDisturbances(
  stages: readonly RecordedStage[],
  injections: readonly InjectionMeasurement[],
  settings: Settings,
): Disturbance[] {
  return sustainedStages(stages).flatMap((recorded) => {
    const seconds = steadySeconds(recorded).toSorted((a, b) => a.fromUs - b.fromUs);
    const undisturbed = beforeFaults(seconds, injections);
    const before = rankLatencies(undisturbed, settings).latency;
    const calm = thresholdOf(windowsOf(undisturbed, settings));
    return injections.map((injection): Disturbance => {
      const own = seconds.filter((second) => isWithin(second, injection));
      const rest = after(injection);
      return {
        injection: injection.injection,
        fault: injection.fault,
        kind: kindTitle(injection),
        stage: stageTitle(recorded.stage),
        before: { n: dueOf(before), ...latencyOf(before) },
        during: latencyWithin(doing(injection), own, settings),
        ...(rest === null ? {} : { after: latencyWithin(rest, own, settings) }),
        ...recoveryOf(windowsOf(own, settings), { ...injection, calm }),
      };
    });
  });
}

/** An injection's window, or a part of it. */
type Span = Pick<InjectionMeasurement, "faultAtUs" | "windowEndUs">;

/** The part of an injection's window in which it is being done: an operation that moves shards has an end. */
function doing({ faultAtUs, windowEndUs, moves }: InjectionMeasurement): Span {
  return { faultAtUs, windowEndUs: moves?.endedAtUs ?? windowEndUs };
}

/** The part after that; null: there is none. */
function after({ windowEndUs, moves }: InjectionMeasurement): Span | null {
  return moves === undefined ? null : { faultAtUs: moves.endedAtUs, windowEndUs };
}

function latencyWithin(
  span: Span,
  seconds: readonly StageSecond[],
  settings: Settings,
): Disturbance["during"] {
  const { latency } = rankLatencies(
    seconds.filter((second) => isWithin(second, span)),
    settings,
  );
  return { n: dueOf(latency), notOk: latency.notOk, ...latencyOf(latency) };
}

/** What targets are judged by: latency back, by injection; the stage's latency before the faults, during and after them. */
export function disturbanceFigures(
  disturbances: readonly Disturbance[],
  stages: readonly RecordedStage[],
  injections: readonly InjectionMeasurement[],
  settings: Settings,
  exactAnswers: readonly ExactAnswer[] = [],
): NamedFigure[] {
  const ofInjections = disturbances.map(
    ({ injection, fault, kind, recoverySeconds, withoutLatenessSeconds, during }): NamedFigure => ({
      metric: "latency-recovery",
      of: injectionTitle(fault, injection),
      fault,
      kind,
      figure: recoverySeconds,
      n: during.n,
      ...(withoutLatenessSeconds === undefined ? {} : { withoutLateness: withoutLatenessSeconds }),
    }),
  );
  const ofStages = sustainedStages(stages).flatMap((recorded) => {
    const seconds = steadySeconds(recorded);
    const before = beforeFaults(seconds, injections);
    const among = (spans: readonly Span[]) => ({
      seconds: seconds.filter((second) => spans.some((span) => isWithin(second, span))),
      stretches: spans.map(({ faultAtUs, windowEndUs }) => [faultAtUs, windowEndUs] as const),
    });
    const parts = {
      before: { seconds: before, stretches: [stretchOf(before)] },
      during: among(injections.map(doing)),
      after: among(injections.flatMap((injection) => after(injection) ?? [])),
    };
    return sustainedParts.flatMap((part) => {
      const { seconds: own, stretches } = parts[part];
      if (stretches.length === 0) return [];
      const [all] = measureOperations(own, settings);
      if (all === undefined) return [];
      const of = sustainedTitle(stageTitle(recorded.stage), part);
      return [
        ...latencyFigures(of, all, { due: all.latencyMs.n, ok: all.serviceTimeMs.n }).filter(({ metric }) =>
          metric.startsWith("latency-"),
        ),
        ...recallFigures(of, worstRecall(recorded, exactAnswers, stretches)),
      ];
    });
  });
  return [...ofInjections, ...ofStages];
}

/**
 * Of several stretches, what the least right of them had, figure by figure, where it had answers enough to be told of, and of all
 * together otherwise: after each failover another server answers, and one whose index is bad is not made up for by the others.
 */
function worstRecall(
  recorded: RecordedStage,
  exact: readonly ExactAnswer[],
  stretches: readonly (readonly [Micros, Micros])[],
): RecallMeasurement | null {
  const all = measureRecall(recorded, exact, stretches);
  if (all === null || stretches.length < 2) return all;
  const each = stretches.flatMap((stretch) => measureRecall(recorded, exact, [stretch]) ?? []);
  const worst = (
    of: (recall: RecallMeasurement) => Figure,
    isWorse: (a: number, b: number) => boolean,
  ): Figure =>
    each
      .map(of)
      .reduce(
        (known, figure) =>
          known.kind === "value" && figure.kind === "value" && isWorse(figure.value, known.value)
            ? figure
            : known,
        of(all),
      );
  const lower = (a: number, b: number): boolean => a < b;
  return {
    ...all,
    mean: worst(({ mean }) => mean, lower),
    p5: worst(({ p5 }) => p5, lower),
    minimum: worst(({ minimum }) => minimum, lower),
    shortResults: worst(
      ({ shortResults }) => shortResults,
      (a, b) => a > b,
    ),
  };
}

function beforeFaults(
  seconds: readonly StageSecond[],
  injections: readonly InjectionMeasurement[],
): readonly StageSecond[] {
  const firstUs = injections[0]?.faultAtUs ?? Infinity;
  return seconds.filter(({ toUs }) => toUs <= firstUs);
}

/** The second that the fault falls into belongs to what it did; that in which the next one is awaited does not. */
function isWithin({ toUs }: StageSecond, { faultAtUs, windowEndUs }: Span): boolean {
  return toUs > faultAtUs && toUs <= windowEndUs;
}

/**
 * The p99 that the windows before the faults reach at most. Where the client itself was late in them, the cluster's own
 * lies between what it would be without that and what was measured.
 */
function thresholdOf(windows: readonly Window[]): Figure {
  // What one such window is off the whole by chance is nobody's doing.
  const worst = worstOf(windows);
  if (worst.kind === "withheld") return worst;
  if (worst.kind !== "value")
    return { kind: "withheld", reason: "more than 1 % of the operations did not end ok" };
  const without = worstOf(windows.map((window) => ({ ...window, p99: window.withoutLateness })));
  return without.kind === "withheld" ? worst : figureWithin(lowestOf(without), worst.value);
}

/**
 * Slides a window over the seconds: where its p99 was highest, and where it was last above what it was before. What is not
 * known of windows before that does not matter: seconds count what ended in them, and those of an outage are empty until
 * its first operations time out.
 */
function recoveryOf(
  windows: readonly Window[],
  { calm, ...window }: Pick<InjectionMeasurement, "faultAtUs" | "windowEndUs"> & { readonly calm: Figure },
): Pick<Disturbance, "worstP99Ms" | "recoverySeconds" | "withoutLatenessSeconds"> {
  const worstP99Ms = worstOf(windows);
  if (calm.kind === "withheld") {
    const reason = `before the fault: ${calm.reason}`;
    return { worstP99Ms, recoverySeconds: { kind: "withheld", reason } };
  }
  const isAbove = (p99: Figure, calmMs: number): boolean =>
    p99.kind !== "withheld" && lowestOf(p99) > BACK_WITHIN * calmMs;
  const lastAbove = windows.findLastIndex(({ p99 }) => isAbove(p99, lowestOf(calm)));
  const unwatched = whyUnwatched(windows, lastAbove, window);
  if (lastAbove < 0 && unwatched !== null)
    return { worstP99Ms, recoverySeconds: { kind: "withheld", reason: unwatched } };
  const backAfter = (p99Of: (window: Window) => Figure, calmMs: number): KnownFigure => {
    const last = windows.findLast((each) => isAbove(p99Of(each), calmMs));
    if (last === undefined) return { kind: "value", value: 0 };
    const kind = last === windows.at(-1) || unwatched !== null ? "at-least" : "value";
    return { kind, value: (last.endUs - window.faultAtUs) / 1e6 };
  };
  // The quicker the cluster was before, the later it is back to that.
  const backTo = (p99Of: (window: Window) => Figure): KnownFigure => {
    const earliest = backAfter(p99Of, highestOf(calm));
    return figureWithin(lowestOf(earliest), highestOf(backAfter(p99Of, lowestOf(calm))));
  };
  return {
    worstP99Ms,
    recoverySeconds: backTo(({ p99 }) => p99),
    withoutLatenessSeconds: backTo(({ withoutLateness }) => withoutLateness),
  };
}

/** Why the windows after the last that was above do not show that latency stayed back; null: they do, or there are none. */
function whyUnwatched(
  windows: readonly Window[],
  lastAbove: number,
  { faultAtUs, windowEndUs }: Span,
): string | null {
  const watchedUs = windows.at(-1)?.endUs;
  if (watchedUs === undefined) return TOO_SHORT;
  const withheld = windows.slice(lastAbove + 1).find(({ p99 }) => p99.kind === "withheld")?.p99;
  if (withheld?.kind === "withheld") return withheld.reason;
  if (watchedUs + LAST_WINDOW_ENDS_WITHIN_US >= windowEndUs) return null;
  const [watched, all] = [watchedUs, windowEndUs].map((atUs) => formatSeconds((atUs - faultAtUs) / 1e6));
  return `the load was watched for ${watched} of ${all}`;
}

/** The highest p99 of any window; withheld where one of them is. */
function worstOf(windows: readonly Window[]): Figure {
  const withheld = windows.find(({ p99 }) => p99.kind === "withheld")?.p99;
  if (withheld !== undefined) return withheld;
  const known = knownFigures(windows.map(({ p99 }) => p99));
  const [first, ...others] = known;
  if (first === undefined) return { kind: "withheld", reason: TOO_SHORT };
  return others.reduce((most, one) => (lowestOf(one) > lowestOf(most) ? one : most), first);
}

interface Window {
  readonly endUs: Micros;
  readonly p99: Figure;
  /** What it would be at least if the client had not been late itself. */
  readonly withoutLateness: Figure;
}

/** Every five seconds on end, beginning with each second; of all agents. `seconds`: by their beginnings. */
function windowsOf(seconds: readonly StageSecond[], settings: Settings): Window[] {
  const beginnings = [...new Set(seconds.map(({ fromUs }) => fromUs))];
  const lastUs = seconds.at(-1)?.toUs ?? 0;
  const beginsBefore = (index: number, atUs: Micros): boolean => (seconds[index]?.fromUs ?? Infinity) < atUs;
  // Both ends only ever move on: looking through a day for each of its seconds would take minutes.
  let first = 0;
  let end = 0;
  return beginnings
    .filter((fromUs) => fromUs + WINDOW_US <= lastUs)
    .map((from) => {
      const endUs = from + WINDOW_US;
      while (beginsBefore(first, from)) first += 1;
      while (beginsBefore(end, endUs)) end += 1;
      const own = seconds.slice(first, end).filter(({ toUs }) => toUs <= endUs);
      const { latency, withoutLatenessMs } = rankLatencies(own, settings);
      return { endUs, p99: percentileOfDue(99, latency), withoutLateness: withoutLatenessMs.p99 };
    });
}

function latencyOf(ranked: RankedOperations): LatencyFigures {
  return {
    p50: percentileOfDue(50, ranked),
    p95: percentileOfDue(95, ranked),
    p99: percentileOfDue(99, ranked),
  };
}

function dueOf({ ok, notOk }: RankedOperations): number {
  return ok + notOk;
}
