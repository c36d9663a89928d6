import { counted, formatCount, formatShare } from "../../../harness/model/format-value.ts";
import type { PlacementMeasurement } from "../../../harness/model/placement.ts";
import { type Content, html, type Markup } from "../markup.ts";
import { barCell, metricHint, section, table } from "../page-parts.ts";
import type { Run } from "../../run.ts";

/** Where the rows of distributed tables were, and which group got which share; null: there are none. */
export function placement({ measurements }: Run): Markup | null {
  const list = measurements.placements ?? [];
  if (list.length === 0) return null;
  return section(
    "placement",
    "Where the rows are",
    html`<p>
      After the load, by the live catalogue. A group with a larger share of the rows than of the shards is
      hot.
    </p>`,
    table(
      [
        { title: "Table" },
        { title: "Group" },
        { title: "Shards", number: true },
        { title: "Keys", number: true, hint: "Values of the distribution column that some row has." },
        { title: "Rows", number: true },
        { title: "Share of rows", number: true },
        { title: "" },
      ],
      list.flatMap(rowsOf),
    ),
    list.map(
      (one) =>
        html`<p title="${metricHint("modulo-placement")}">
          <strong>${titleOf(one)}</strong>: ${inWords(one)}
        </p>`,
    ),
  );
}

function rowsOf(one: PlacementMeasurement): Content[][] {
  const all = one.groups.reduce((sum, { rows }) => sum + rows, 0);
  return one.groups.map(({ group, shards, keys, rows }, index) => [
    index === 0 ? html`<strong>${titleOf(one)}</strong>` : "",
    group,
    formatCount(shards),
    formatCount(keys),
    formatCount(rows),
    all === 0 ? "—" : formatShare(rows, all),
    barCell(rows / Math.max(1, all)),
  ]);
}

function inWords({
  problem,
  keys,
  more,
  moduloRight,
  groups,
  column,
  largest,
}: PlacementMeasurement): string {
  if (problem !== null) return `it was not read: ${problem}`;
  if (keys === 0 || largest === null) return "it has no keys that are numbers.";
  const rows = groups.reduce((sum, one) => sum + one.rows, 0);
  return (
    `${column} % ${groups.length} names the group of ${formatCount(moduloRight)} of ${counted(keys, "key")} ` +
    `(${formatShare(moduloRight, keys)})${more ? ", the first of more" : ""}; ` +
    `the largest, ${largest.key} on ${largest.group}, has ${formatShare(largest.rows, rows)} of the rows.`
  );
}

function titleOf({ variant, table: name }: PlacementMeasurement): string {
  return variant === "" ? name : `${variant}: ${name}`;
}
