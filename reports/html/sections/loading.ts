import { formatBytes, formatCount, formatRate, formatValue } from "../../../harness/model/format-value.ts";
import type { LoadingMeasurement, MadeIndex } from "../../../harness/model/loading.ts";
import type { Run } from "../../run.ts";
import { type Content, html, type Markup } from "../markup.ts";
import { metricHint, section, table } from "../page-parts.ts";

/** How rows were loaded, and what each index took and takes; null: there are no secondary indexes. */
export function loading({ measurements }: Run): Markup | null {
  const list = measurements.loadings ?? [];
  if (list.length === 0) return null;
  const number = (title: string, hint?: string) => ({ title, number: true, hint });
  return section(
    "loading",
    "Loading and indexes",
    list.map(loadedInWords),
    table(
      [
        { title: "Index" },
        { title: "Made on" },
        number("Build time", metricHint("index-build")),
        number("Size", metricHint("index-size")),
        number("maintenance_work_mem"),
        number("Parallel workers", "max_parallel_maintenance_workers: at most as many help."),
      ],
      list.flatMap(({ variant, indexes }) => indexes.map((index) => row(index, variant))),
    ),
  );
}

function loadedInWords({ variant, loaded }: LoadingMeasurement): Markup | null {
  if (loaded === null) return null;
  const { rows, seconds, searchableSeconds } = loaded;
  const of = variant === "" ? "" : `${variant}: `;
  const searchable =
    searchableSeconds === null
      ? "; no search was answered by its index"
      : `; searchable ${formatValue(searchableSeconds, "s")} after the last row`;
  return html`<p title="${metricHint("rows-loaded")}">
    <strong>${of}${loaded.table}</strong>: ${formatCount(rows)} rows in ${formatValue(seconds, "s")},
    ${formatRate(rows / Math.max(seconds, 1e-3))} rows per second${searchable}.
  </p>`;
}

function row(
  { table: name, index, group, seconds, bytes, memory, parallelWorkers }: MadeIndex,
  variant: string,
): Content[] {
  return [
    html`<strong>${variant === "" ? index : `${variant}: ${index}`}</strong> on ${name}`,
    group,
    formatValue(seconds, "s"),
    formatBytes(bytes),
    memory,
    formatCount(parallelWorkers),
  ];
}
