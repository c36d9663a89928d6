import type { NamedFigure } from "../model/measurement.ts";
import { variantTitle } from "../model/figure-names.ts";
import type { PlacementMeasurement, PlacementReading } from "../model/placement.ts";

/** Shards, keys and rows of each group, and for how many keys modulo, over the groups that hold shards, names the right one. */
export function measurePlacement(reading: PlacementReading): PlacementMeasurement {
  const { variant, table, column, groups, shards, keys, more, problem } = reading;
  const holding = groups.filter((name) => shards.some(({ group }) => group === name));
  return {
    variant,
    table,
    column,
    shards: shards.length,
    keys: keys.length,
    more,
    moduloRight: keys.filter(({ key, group }) => holding[modulo(key, holding.length)] === group).length,
    groups: [...new Set([...groups, ...shards.map(({ group }) => group)])].map((group) => {
      const here = keys.filter((each) => each.group === group);
      return {
        group,
        shards: shards.filter((each) => each.group === group).length,
        keys: here.length,
        rows: here.reduce((sum, { rows }) => sum + rows, 0),
      };
    }),
    largest: keys.reduce<PlacementMeasurement["largest"]>(
      (most, each) => (most === null || each.rows > most.rows ? each : most),
      null,
    ),
    problem,
  };
}

/** The share of keys for which modulo is right, over all tables of each variant. */
export function placementFigures(measured: readonly PlacementMeasurement[]): NamedFigure[] {
  return [...new Set(measured.map(({ variant }) => variant))].map((variant) => {
    const mine = measured.filter((one) => one.variant === variant);
    const keys = mine.reduce((sum, one) => sum + one.keys, 0);
    const right = mine.reduce((sum, one) => sum + one.moduloRight, 0);
    const unread = mine.find(({ problem }) => problem !== null)?.problem;
    const withheld =
      unread ?? (keys === 0 ? "no distributed table has a row with a number for its key" : null);
    return {
      metric: "modulo-placement",
      of: variantTitle(variant),
      fault: null,
      figure:
        withheld === null ? { kind: "value", value: right / keys } : { kind: "withheld", reason: withheld },
      n: keys,
    };
  });
}

/** Never below 0. */
function modulo(key: number, by: number): number {
  return ((key % by) + by) % by;
}
