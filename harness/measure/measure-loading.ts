import { eventsByVariant } from "./events-by-variant.ts";
import type { ClusterEvent, EventOf } from "../model/event.ts";
import { variantTitle } from "../model/figure-names.ts";
import type { LoadingMeasurement, MadeIndex } from "../model/loading.ts";
import type { Figure, NamedFigure, StageMeasurement } from "../model/measurement.ts";
import type { MetricName } from "../model/metric.ts";
import { sum } from "../stats/sum.ts";

/** How the data of each variant came in and was indexed; none where nothing was. In the order of the variants. */
export function measureLoading(events: readonly ClusterEvent[]): readonly LoadingMeasurement[] {
  return eventsByVariant(events).flatMap(([variant, own]) => {
    const of = <Kind extends ClusterEvent["kind"]>(kind: Kind): EventOf<Kind>[] =>
      own.filter((event): event is EventOf<Kind> => event.kind === kind);
    const indexes = of("index-made").map(
      ({ table, index, group, tookMs, bytes, memory, parallelWorkers }): MadeIndex => ({
        table,
        index,
        group,
        seconds: tookMs / 1000,
        bytes,
        memory,
        parallelWorkers,
      }),
    );
    const [loaded] = of("rows-loaded");
    const searchable = of("searchable").find(({ table }) => table === loaded?.table);
    if (loaded === undefined && indexes.length === 0) return [];
    const searchableSeconds = searchable === undefined ? null : searchable.tookMs / 1000;
    return [
      {
        variant,
        loaded:
          loaded === undefined
            ? null
            : { table: loaded.table, rows: loaded.rows, seconds: loaded.tookMs / 1000, searchableSeconds },
        indexes,
      },
    ];
  });
}

/**
 * What targets are judged by; of each index the group that took longest counts, as they work at the same time. What followed
 * a load that did not go as planned is withheld, and a rate at which the client was full is one that the cluster has at least.
 */
export function loadingFigures(
  measured: readonly LoadingMeasurement[],
  stages: readonly Pick<StageMeasurement, "stage" | "problem" | "client">[],
): NamedFigure[] {
  return measured.flatMap(({ variant, loaded, indexes }) => {
    const given = (metric: MetricName, figure: Figure, n: number): NamedFigure => ({
      metric,
      of: variantTitle(variant),
      fault: null,
      figure,
      n,
    });
    const named = (metric: MetricName, value: number, n: number): NamedFigure =>
      given(metric, { kind: "value", value }, n);
    const own = stages.filter(({ stage }) => stage.variant === variant);
    const problem = own.find((stage) => stage.problem !== null)?.problem ?? null;
    const wentWrong: Figure | null = problem === null ? null : { kind: "withheld", reason: problem };
    const names = [...new Set(indexes.map(({ index }) => index))];
    const slowest = names.map((name) =>
      Math.max(...indexes.filter(({ index }) => index === name).map(({ seconds }) => seconds)),
    );
    return [
      ...(loaded === null
        ? []
        : [
            given("rows-loaded", wentWrong ?? loadRate(loaded, own), loaded.rows),
            given("time-until-searchable", wentWrong ?? untilSearchable(loaded), 1),
          ]),
      ...(names.length === 0
        ? []
        : [
            named("index-build", sum(slowest), names.length),
            named("index-size", sum(indexes.map(({ bytes }) => bytes)) / MIB, names.length),
          ]),
    ];
  });
}

type Loaded = NonNullable<LoadingMeasurement["loaded"]>;

function loadRate({ rows, seconds }: Loaded, stages: readonly Pick<StageMeasurement, "client">[]): Figure {
  if (seconds === 0) return { kind: "withheld", reason: "the load took no time" };
  const isBound = stages.some(({ client }) => client.clientBound !== null);
  return { kind: isBound ? "at-least" : "value", value: rows / seconds };
}

function untilSearchable({ rows, searchableSeconds }: Loaded): Figure {
  if (rows === 0) return { kind: "withheld", reason: "no row was loaded" };
  if (searchableSeconds === null)
    return { kind: "withheld", reason: "the first search by the index found no row" };
  return { kind: "value", value: searchableSeconds };
}

const MIB = 1024 * 1024;
