import type { VictimRole } from "../model/advice.ts";
import type { Benchmark } from "../model/benchmark.ts";
import type { Problem } from "../model/errors.ts";
import {
  bothProbes,
  injectionTitle,
  kindTitle,
  operationTitle,
  outsideInjections,
  stageTitle,
  streamTitle,
  sustainedName,
  sustainedParts,
  sustainedTitle,
  variantTitle,
} from "../model/figure-names.ts";
import type { LoadPlan } from "../model/load.ts";
import { type FigureOf, metrics } from "../model/metric.ts";
import { probeStream, type StreamName } from "../model/sample.ts";
import { nameOfStep, type Scenario, type Step } from "../model/scenario.ts";
import type { Target } from "../model/target.ts";
import type { Workload } from "../model/workload.ts";
import { nearestOf } from "../schema/nearest.ts";

/**
 * What figures of each kind are of in a scenario. null: any name may be one; left out: such a run has none of that kind;
 * empty: this one happens to have none, as a scenario of faults that names no fault.
 */
type FigureTitles = Readonly<Partial<Record<FigureOf, readonly string[] | null | undefined>>>;

/** Figures of these kinds are named by what was found, such as who and when: a target takes them all. */
const namedByFinding: readonly FigureOf[] = ["finding", "write probe's finding"];

/** Targets of a benchmark that no figure of it can ever match: they would be unknown in every run. */
export function checkBenchmarkTargets(
  targets: readonly Target[],
  benchmark: Benchmark,
  workload: Workload,
  {
    besides,
    checkers,
  }: {
    /** Where faults are injected as well: what their figures may be of. */
    readonly besides: FaultFigures | null;
    /** Those whose findings are figures by their name. */
    readonly checkers: readonly string[];
  },
): readonly Problem[] {
  const variants = benchmark.variants.length === 0 ? [{ name: "" }] : benchmark.variants;
  const stages = variants.flatMap(({ name: variant }) =>
    knownStages(benchmark).map((name) => stageTitle({ variant, name })),
  );
  const { sustained } = benchmark;
  const sustainedTitles =
    sustained == null
      ? []
      : variants.map(({ name: variant }) => stageTitle({ variant, name: sustainedName(sustained) }));
  const measured = [...stages, ...sustainedTitles];
  const kinds = workload.operations.filter(({ weight }) => weight > 0).map(({ name }) => name);
  const operations = kinds.length < 2 ? [] : kinds;
  const variantTitles = variants.map(({ name }) => variantTitle(name));
  const titles: FigureTitles = {
    ...besides?.titles,
    stage: measured,
    // A script of the user's own calls its operations as it likes.
    operation:
      benchmark.k6Script === null
        ? measured.flatMap((title) => operations.map((kind) => operationTitle(title, kind)))
        : null,
    "sustained part": sustainedTitles.flatMap((title) =>
      sustainedParts.map((part) => sustainedTitle(title, part)),
    ),
    "injection under load": sustained == null ? undefined : besides?.titles.injection,
    variant: variantTitles,
    cluster: variantTitles,
    "later variant": variantTitles.length < 2 ? undefined : variantTitles.slice(1),
    finding: null,
    checker: checkers,
  };
  const searches = benchmark.method.kind !== "fixed";
  const timeoutOf = (of: string | undefined): number => {
    const ofFaults = besides?.timeoutOf(of) ?? Infinity;
    // A probe has its own, whatever the benchmark's is.
    if (of !== undefined && ofFaults < Infinity) return ofFaults;
    return Math.min(benchmark.client.timeoutMs, ofFaults);
  };
  return [
    ...targets.flatMap((target) => {
      const isSearched = metrics[target.metric].needsSearch === true;
      return checkTarget(target, isSearched && !searches ? {} : titles, "a benchmark");
    }),
    ...checkTimeouts(targets, timeoutOf),
  ];
}

/** What figures of probes and injections may be of. */
export interface FaultFigures {
  readonly titles: FigureTitles;
  /** Of the probes (and the background) that a figure is of; Infinity: of none. Milliseconds. */
  readonly timeoutOf: (of: string | undefined) => number;
}

/** Targets of a run of faults alone that no figure of it can ever match. */
export function checkFaultTargets(
  targets: readonly Target[],
  { titles, timeoutOf }: FaultFigures,
): readonly Problem[] {
  return [
    ...targets.flatMap((target) => checkTarget(target, titles, "a run of faults")),
    ...checkTimeouts(targets, timeoutOf),
  ];
}

/** `workload` is the background's; null: there is none. `rolesOf`: those of a step's victim. `groups`: that shards are spread over. */
export function faultFigures(
  { faults }: Pick<Scenario, "faults">,
  { writeProbe, readProbe, shardProbes, background }: LoadPlan,
  {
    workload,
    groups,
    rolesOf,
    checkers,
  }: {
    readonly workload: Workload | null;
    readonly groups: readonly string[];
    readonly rolesOf: (step: Step) => readonly VictimRole[];
    readonly checkers: readonly string[];
  },
): FaultFigures {
  const ofGroups = shardProbes == null ? [] : groups;
  const timeouts = new Map<StreamName, number>([
    [probeStream("write"), writeProbe.timeoutMs],
    [probeStream("read"), readProbe.timeoutMs],
    ...ofGroups.flatMap((group) =>
      (["write", "read"] as const).map((kind): [StreamName, number] => [
        probeStream(kind, group),
        shardProbes?.timeoutMs ?? Infinity,
      ]),
    ),
  ]);
  const probes = [...timeouts.keys()];
  const streams: StreamName[] = [
    ...probes,
    ...(workload?.operations ?? []).map(({ name }): StreamName => `mix-${name}`),
  ];
  const count = faults.reduce((sum, { injections }) => sum + injections, 0);
  // Which fault is injected when is the seed's choice.
  const injections = Array.from({ length: count }, (_, index) => index + 1).flatMap((number) =>
    [...new Set(faults.map(nameOfStep))].map((fault) => injectionTitle(fault, number)),
  );
  const kinds = faults.flatMap((step) =>
    rolesOf(step).map((role) => kindTitle({ fault: nameOfStep(step), role })),
  );
  const titles: FigureTitles = {
    injection: [...new Set([...injections, ...kinds])],
    "outside injections": [outsideInjections],
    probe: probes,
    "both probes": [bothProbes],
    stream: streams.flatMap((stream) =>
      (["before", "during", "after"] as const).map((part) => streamTitle(stream, part)),
    ),
    cluster: [variantTitle("")],
    finding: null,
    "write probe's finding": null,
    checker: checkers,
  };
  const timeoutOf = (of: string | undefined): number => {
    const own = streams.filter((stream) => of === undefined || of.startsWith(`${stream}, `));
    return Math.min(...own.map((stream) => timeouts.get(stream) ?? background?.timeoutMs ?? Infinity));
  };
  return { titles, timeoutOf };
}

/**
 * Of an operation that did not end ok it is known that it took as long as the client's time-out at least: where that is
 * not beyond the bound, no failure could ever miss it. `timeoutOf` is Infinity where nothing has one.
 */
function checkTimeouts(
  targets: readonly Target[],
  timeoutOf: (of: string | undefined) => number,
): readonly Problem[] {
  return targets.flatMap(({ id, metric, of, bound }): Problem[] => {
    const { percentile, fromIntendedStart } = metrics[metric];
    if (percentile === undefined || fromIntendedStart !== true || "atLeast" in bound) return [];
    const timeoutMs = timeoutOf(of);
    if ("below" in bound ? bound.below <= timeoutMs : bound.atMost < timeoutMs) return [];
    const most = "below" in bound ? `at most ${timeoutMs}` : `less than ${timeoutMs}`;
    const found = "below" in bound ? bound.below : bound.atMost;
    return [
      {
        where: `targets: ${id}.bound`,
        message: `expected ${most} ms, the client's time-out, up to which alone latencies are known, found ${found}.`,
        suggestion: "Raise the client's timeoutMs above it.",
      },
    ];
  });
}

function checkTarget({ id, metric, of }: Target, titles: FigureTitles, run: string): readonly Problem[] {
  const kinds = metrics[metric].of;
  if (of !== undefined && kinds.some((kind) => namedByFinding.includes(kind))) {
    const message = `expected no "of": the figures of "${metric}" are named by what was found, and a target takes all.`;
    return [{ where: `targets: ${id}.of`, message }];
  }
  const known = titlesOf(kinds, titles);
  if (known === null) return [];
  if (kinds.every((kind) => titles[kind] === undefined)) {
    const message = `expected a metric that ${run} of this kind measures, found "${metric}".`;
    return [{ where: `targets: ${id}.metric`, message }];
  }
  if (of === undefined || known.includes(of)) return [];
  const message = `expected what a figure of "${metric}" is of in this scenario, found ${JSON.stringify(of)}.`;
  return [{ where: `targets: ${id}.of`, message, suggestion: suggestionOf(of, known) }];
}

/** null: any. */
function titlesOf(kinds: readonly FigureOf[], titles: FigureTitles): readonly string[] | null {
  const lists = kinds.map((kind) => titles[kind] ?? (titles[kind] === null ? null : []));
  const known = lists.filter((list) => list !== null);
  return known.length < lists.length ? null : known.flat();
}

/** These names hold commas. */
function suggestionOf(of: string, known: readonly string[]): string {
  const nearest = nearestOf(of, known);
  if (nearest !== undefined) return `Did you mean "${nearest}"?`;
  const more = known.length > MOST_NAMES ? `, and ${known.length - MOST_NAMES} more` : "";
  return `There is: ${known
    .slice(0, MOST_NAMES)
    .map((name) => `"${name}"`)
    .join(", ")}${more}.`;
}

const MOST_NAMES = 10;

/** Names that stages may have and that are known before the run (a step's rate is not); see plan/next-stage. */
export function knownStages({ method }: Benchmark): readonly string[] {
  switch (method.kind) {
    case "fixed":
      return method.stages.map(({ name }) => name);
    case "highest-rate":
      return ["confirmation", "second confirmation", "saturation"];
    case "fractions-of-capacity":
      return [...method.percents.map((percent) => `${percent} % of capacity`), "saturation"];
  }
}
