import { sustainedName } from "../model/figure-names.ts";
import type { PlannedBenchmark } from "../model/benchmark.ts";
import type { ClusterEvent } from "../model/event.ts";
import type { Measurements, StageMeasurement } from "../model/measurement.ts";
import type { Recording } from "../model/recording.ts";
import { samplesNeeded } from "../stats/percentiles.ts";
import { findSameAnswers, type SameAnswers } from "../stats/same-answers.ts";
import { formatCount, formatRate, listed } from "../model/format-value.ts";

/** What a benchmark did not measure, or only in part, and why: one sentence each. */
export function listBenchmarkGaps(
  { end, events, invariants, stages: recorded }: Recording,
  benchmark: PlannedBenchmark,
  { stages, capacities }: Pick<Measurements, "stages" | "capacities">,
  ofCheckers: readonly string[],
): string[] {
  return [
    ...(end.kind === "incomplete" ? [`The recording is incomplete: ${end.reason.replace(/\.$/, "")}.`] : []),
    ...notRun(benchmark, stages),
    ...notSustained(benchmark, stages),
    ...capacities.flatMap(({ variant, perSecond, how }) =>
      perSecond.kind === "between" ? [] : [`Capacity${variant === "" ? "" : ` (${variant})`}: ${how}`],
    ),
    ...stages.flatMap(({ title, problem }) =>
      problem === null ? [] : [`Stage "${title}" is not judged by: ${problem}.`],
    ),
    ...stages.flatMap(clientBound),
    ...stages.flatMap(({ title, client: { stoodStill } }) =>
      stoodStill === null ? [] : [`Stage "${title}": the client itself ${stoodStill}.`],
    ),
    ...neverSent(stages),
    ...withheldPercentiles(stages),
    ...findSameAnswers(recorded).flatMap((same) => sameAnswers(same, stages)),
    ...notByIndex(events),
    ...intendedStarts(benchmark, stages),
    ...notWatched(stages),
    ...statementsOfCitus(benchmark),
    ...ofCheckers,
    ...notChecked(benchmark, stages, invariants),
  ];
}

function statementsOfCitus({ variants }: PlannedBenchmark): string[] {
  if (!variants.some(({ topology }) => topology.sharding === "citus")) return [];
  return [
    "Statements are counted by each member alone (pg_stat_statements): citus_stat_statements, which tells them by executor and tenant, is not read.",
  ];
}

/** Above this few queries are left to tell settings apart by: a row that an index's graph does not lead to is missed by all. */
const NEARLY_ALL = 0.99;

/** Where both were nearly all right there is no better answer that another setting could have given. */
function sameAnswers(
  { stages: titles, queries }: SameAnswers,
  stages: readonly StageMeasurement[],
): string[] {
  const [mean] = stages.flatMap(({ title, recall }) => (title === titles[0] && recall ? [recall.mean] : []));
  if (mean?.kind !== "value" || mean.value > NEARLY_ALL) return [];
  return [
    `${titles.join(" and ")} gave the very same rows to all ${queries} queries that both were asked, though not all were right: what differs between them may not have reached the server that searches.`,
  ];
}

/** Figures of a search that reads every row say nothing of its index. */
function notByIndex(events: readonly ClusterEvent[]): string[] {
  const told = events.flatMap((event) => (event.kind === "search-plan" && !event.byIndex ? [event] : []));
  const members = [...new Set(told.map(({ member }) => member))];
  if (members.length === 0) return [];
  const plans = [...new Set(told.flatMap(({ plan }) => plan))];
  const more = plans.length > MOST_PLANS ? `, and ${plans.length - MOST_PLANS} others` : "";
  return [
    `Searches on ${listed(members, "and")} were not planned by the vector index, by EXPLAIN before the stages (${plans.slice(0, MOST_PLANS).join(", ")}${more}): latency and recall there are not the index's.`,
  ];
}

const MOST_PLANS = 4;

function notRun({ variants, method }: PlannedBenchmark, stages: readonly StageMeasurement[]): string[] {
  return variants.flatMap(({ name }) => {
    const own = stages.filter(({ stage }) => stage.variant === name);
    const of = name === "" ? "" : ` of ${name}`;
    if (own.length === 0) return [name === "" ? "No stage was run." : `Variant "${name}" was not run.`];
    if (method.kind === "highest-rate") return [];
    const done = own.filter(({ stage }) => stage.purpose === "fixed" || stage.purpose === "fraction").length;
    const planned = method.kind === "fixed" ? method.stages.length : method.percents.length;
    return done >= planned ? [] : [`${planned - done} of ${planned} planned stages${of} were not run.`];
  });
}

function notSustained({ sustained }: PlannedBenchmark, stages: readonly StageMeasurement[]): string[] {
  if (sustained == null || stages.some(({ stage }) => stage.purpose === "sustained")) return [];
  return [`No load was sustained under the faults: stage "${sustainedName(sustained)}" was not run.`];
}

function clientBound({ title, client }: StageMeasurement): string[] {
  if (client.clientLate !== null) {
    return [`Stage "${title}": the client was late: ${client.clientLate}. That is part of its latencies.`];
  }
  if (client.clientBound === null) return [];
  const fine = client.fineUpToPerSecond;
  const upTo = fine.kind !== "value" ? "" : `; it would have been fine up to ${formatRate(fine.value)}/s`;
  return [`Stage "${title}" was client-bound: ${client.clientBound}${upTo}.`];
}

function neverSent(stages: readonly StageMeasurement[]): string[] {
  return stages.flatMap(({ title, operations }) => {
    const count = operations[0]?.neverSent ?? 0;
    return count === 0
      ? []
      : [`Stage "${title}": ${formatCount(count)} operations that were due were never sent.`];
  });
}

/** One sentence, whatever the number of stages: each row of the report's tables has its reason. */
function withheldPercentiles(stages: readonly StageMeasurement[]): string[] {
  const sound = stages.filter(({ problem }) => problem === null);
  const withheld = ([50, 95, 99, 99.9] as const).flatMap((which) => {
    const key = which === 99.9 ? "p999" : (`p${which}` as const);
    const rows = sound.filter(({ operations }) => operations[0]?.latencyMs[key].kind === "withheld").length;
    return rows === 0 ? [] : [`p${which} in ${rows} (it needs ${formatCount(samplesNeeded[which])})`];
  });
  if (withheld.length === 0) return [];
  const count = sound.length === 1 ? "one stage" : `${sound.length} stages`;
  return [
    `Latency percentiles are withheld for too few operations in some of ${count}: ${withheld.join(", ")}.`,
  ];
}

/** An engine that does not tell its schedule hides from the latency that it sent late. */
function intendedStarts({ client }: PlannedBenchmark, stages: readonly StageMeasurement[]): string[] {
  const open = stages.some(({ stage }) => stage.shape.kind === "open");
  if (client.engine !== "k6" || !open) return [];
  return [
    "k6 does not tell when an operation was due: its latency counts from the actual start, its schedule lag and " +
      "lateness are not known, and operations that it dropped are counted as never sent.",
  ];
}

function notWatched(stages: readonly StageMeasurement[]): string[] {
  const blind = stages.filter(({ bottlenecks }) => bottlenecks === null);
  if (blind.length === 0) return [];
  const which =
    blind.length === stages.length ? "any stage" : blind.map(({ title }) => `"${title}"`).join(", ");
  return [`Resources were not watched in the steady phase of ${which}: no bottleneck can be named there.`];
}

function notChecked(
  { variants }: PlannedBenchmark,
  stages: readonly StageMeasurement[],
  invariants: Recording["invariants"],
): string[] {
  return variants.flatMap(({ name }) => {
    const ran = stages.some(({ stage }) => stage.variant === name);
    if (!ran || invariants.some(({ variant }) => variant === name)) return [];
    return [`What must be true of the data afterwards was not checked${name === "" ? "" : ` (${name})`}.`];
  });
}
