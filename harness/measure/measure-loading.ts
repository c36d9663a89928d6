import type { ClusterEvent, EventOf } from "../model/event.ts";
import { variantTitle } from "../model/figure-names.ts";
import type { LoadingMeasurement, MadeIndex } from "../model/loading.ts";
import type { NamedFigure } from "../model/measurement.ts";
import type { MetricName } from "../model/metric.ts";

/** How the data of each variant came in and was indexed; none where nothing was. In the order of the variants. */
export function measureLoading(events: readonly ClusterEvent[]): readonly LoadingMeasurement[] {
  return byVariant(events).flatMap(([variant, own]) => {
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

/** What targets are judged by; of each index the group that took longest counts, as they work at the same time. */
export function loadingFigures(measured: readonly LoadingMeasurement[]): NamedFigure[] {
  return measured.flatMap(({ variant, loaded, indexes }) => {
    const named = (metric: MetricName, value: number, n: number): NamedFigure => ({
      metric,
      of: variantTitle(variant),
      fault: null,
      figure: { kind: "value", value },
      n,
    });
    const searchableSeconds = loaded?.searchableSeconds ?? null;
    const names = [...new Set(indexes.map(({ index }) => index))];
    const slowest = names.map((name) =>
      Math.max(...indexes.filter(({ index }) => index === name).map(({ seconds }) => seconds)),
    );
    return [
      ...(loaded === null || loaded.seconds === 0
        ? []
        : [named("rows-loaded", loaded.rows / loaded.seconds, loaded.rows)]),
      ...(searchableSeconds === null ? [] : [named("time-until-searchable", searchableSeconds, 1)]),
      ...(names.length === 0
        ? []
        : [
            named("index-build", sum(slowest), names.length),
            named("index-size", sum(indexes.map(({ bytes }) => bytes)) / MIB, names.length),
          ]),
    ];
  });
}

const MIB = 1024 * 1024;

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** What happened to each variant's cluster; before the first is named, to the only one. */
function byVariant(events: readonly ClusterEvent[]): readonly (readonly [string, readonly ClusterEvent[]])[] {
  const parts = new Map<string, ClusterEvent[]>();
  let variant = "";
  for (const event of events) {
    if (event.kind === "variant") variant = event.variant;
    const part = parts.get(variant) ?? [];
    parts.set(variant, part);
    part.push(event);
  }
  return [...parts];
}
