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
  sustainedTitle,
  variantTitle,
  wholeRun,
} from "../model/figure-names.ts";
import type { LoadPlan } from "../model/load.ts";
import type { MetricName } from "../model/metric.ts";
import type { StreamName } from "../model/sample.ts";
import type { FaultStep, Scenario } from "../model/scenario.ts";
import type { Target } from "../model/target.ts";
import type { Workload } from "../model/workload.ts";
import { percentileMetrics } from "../stats/percentiles.ts";
import { nearestOf } from "../schema/nearest.ts";

/** What the figures of a metric may be of; null: any name may be one. */
type Names = (metric: MetricName) => readonly string[] | null;

/** Of a stage, of a whole variant: metrics that only a benchmark has. */
const ofStages: readonly MetricName[] = ["throughput", "goodput", "connections-served", "queue-wait"];
const ofVariants: readonly MetricName[] = ["capacity", "speed-up", "broken-invariants"];

/** Metrics whose figures are named by what was found, such as who and when: a target takes them all. */
const namedByFinding: readonly MetricName[] = ["acknowledging-primaries", "second-primary-writes"];

/** Targets of a benchmark that no figure of it can ever match: they would be unknown in every run. */
export function checkBenchmarkTargets(
  targets: readonly Target[],
  benchmark: Benchmark,
  workload: Workload,
  /** Where faults are injected as well: what their figures may be of. */
  besides: FaultFigures | null,
): readonly Problem[] {
  const variants = benchmark.variants.length === 0 ? [{ name: "" }] : benchmark.variants;
  const stages = variants.flatMap(({ name: variant }) =>
    knownStages(benchmark).map((name) => stageTitle({ variant, name })),
  );
  const { sustained } = benchmark;
  if (sustained != null) {
    stages.push(
      ...variants.map(({ name: variant }) => stageTitle({ variant, name: sustainedName(sustained) })),
    );
  }
  const kinds = workload.operations.filter(({ weight }) => weight > 0).map(({ name }) => name);
  const own: Names = (metric) => {
    if (metric in percentileMetrics && metric !== "schedule-lag-p99") {
      // A script of the user's own calls its operations as it likes.
      if (benchmark.k6Script !== null) return null;
      const each = kinds.length < 2 ? [] : kinds;
      return [
        ...stages.flatMap((title) => [title, ...each.map((kind) => operationTitle(title, kind))]),
        ...(sustained == null
          ? []
          : variants.flatMap(({ name: variant }) =>
              (["before", "during"] as const).map((part) =>
                sustainedTitle(stageTitle({ variant, name: sustainedName(sustained) }), part),
              ),
            )),
      ];
    }
    if (metric === "latency-recovery") return sustained == null ? [] : (besides?.injections ?? []);
    if (ofStages.includes(metric) || metric === "operations-failed" || metric === "schedule-lag-p99")
      return stages;
    if (metric === "acknowledging-primaries") return null;
    if (metric === "two-primaries") return variants.map(({ name }) => variantTitle(name));
    if (!ofVariants.includes(metric)) return [];
    if (benchmark.method.kind === "fixed" && metric !== "broken-invariants") return [];
    const all = variants.map(({ name }) => variantTitle(name));
    return metric === "speed-up" ? all.slice(1) : all;
  };
  const names: Names = (metric) => {
    const ofFaults = besides === null ? [] : besides.names(metric);
    const ofLoad = own(metric);
    return ofFaults === null || ofLoad === null ? null : [...ofLoad, ...ofFaults];
  };
  const timeoutOf = (of: string | undefined): number => {
    const ofFaults = besides?.timeoutOf(of) ?? Infinity;
    // A probe has its own, whatever the benchmark's is.
    if (of !== undefined && ofFaults < Infinity) return ofFaults;
    return Math.min(benchmark.client.timeoutMs, ofFaults);
  };
  return [
    ...targets.flatMap((target) => checkTarget(target, names, "a benchmark")),
    ...checkTimeouts(targets, timeoutOf),
  ];
}

/** What figures of probes and injections may be of. */
export interface FaultFigures {
  readonly names: Names;
  /** Every injection by its title, and every kind of them. */
  readonly injections: readonly string[];
  /** Of the probes (and the background) that a figure is of; Infinity: of none. Milliseconds. */
  readonly timeoutOf: (of: string | undefined) => number;
}

/** Targets of a run of faults alone that no figure of it can ever match. */
export function checkFaultTargets(
  targets: readonly Target[],
  { names, timeoutOf }: FaultFigures,
): readonly Problem[] {
  return [
    ...targets.flatMap((target) => checkTarget(target, names, "a run of faults")),
    ...checkTimeouts(targets, timeoutOf),
  ];
}

/** `workload` is the background's; null: there is none. `rolesOf`: those of a step's victim. */
export function faultFigures(
  { faults }: Pick<Scenario, "faults">,
  { writeProbe, readProbe, background }: LoadPlan,
  {
    workload,
    rolesOf,
  }: {
    readonly workload: Workload | null;
    readonly rolesOf: (step: FaultStep) => readonly VictimRole[];
  },
): FaultFigures {
  const streams: StreamName[] = [
    "write-probe",
    "read-probe",
    ...(workload?.operations ?? []).map(({ name }): StreamName => `mix-${name}`),
  ];
  const count = faults.reduce((sum, { injections }) => sum + injections, 0);
  // Which fault is injected when is the seed's choice.
  const injections = Array.from({ length: count }, (_, index) => index + 1).flatMap((number) =>
    [...new Set(faults.map(({ fault }) => fault))].map((fault) => injectionTitle(fault, number)),
  );
  const kinds = faults.flatMap((step) => rolesOf(step).map((role) => kindTitle({ fault: step.fault, role })));
  const names: Names = (metric) => {
    if (metric === "schedule-lag-p99") return [bothProbes];
    if (metric in percentileMetrics)
      return streams.flatMap((stream) =>
        (["before", "during", "after"] as const).map((part) => streamTitle(stream, part)),
      );
    if (ofStages.includes(metric) || ofVariants.includes(metric)) return [];
    if (namedByFinding.includes(metric)) return null;
    if (metric === "latency-recovery") return [];
    return [...new Set([...injections, ...kinds]), outsideInjections, wholeRun, ...streams];
  };
  const timeouts = new Map<StreamName, number>([
    ["write-probe", writeProbe.timeoutMs],
    ["read-probe", readProbe.timeoutMs],
  ]);
  const timeoutOf = (of: string | undefined): number => {
    const own = streams.filter((stream) => of === undefined || of.startsWith(`${stream}, `));
    return Math.min(...own.map((stream) => timeouts.get(stream) ?? background?.timeoutMs ?? Infinity));
  };
  return { names, injections: [...new Set([...injections, ...kinds])], timeoutOf };
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
    if (!metric.startsWith("latency-") || metric === "latency-recovery" || "atLeast" in bound) return [];
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

function checkTarget({ id, metric, of }: Target, names: Names, run: string): readonly Problem[] {
  const known = names(metric);
  if (of !== undefined && namedByFinding.includes(metric)) {
    const message = `expected no "of": the figures of "${metric}" are named by what was found, and a target takes all.`;
    return [{ where: `targets: ${id}.of`, message }];
  }
  if (known === null) return [];
  if (known.length === 0) {
    const message = `expected a metric that ${run} of this kind measures, found "${metric}".`;
    return [{ where: `targets: ${id}.metric`, message }];
  }
  if (of === undefined || known.includes(of)) return [];
  const message = `expected what a figure of "${metric}" is of in this scenario, found ${JSON.stringify(of)}.`;
  return [{ where: `targets: ${id}.of`, message, suggestion: suggestionOf(of, known) }];
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
