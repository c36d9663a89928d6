import { collectFailover } from "./failover/data.ts";
import { collectLoad } from "./load/data.ts";
import { collectPercentiles } from "./percentiles/data.ts";
import { collectPhases } from "./phases/data.ts";
import { collectRecall } from "./recall/data.ts";
import { collectResources } from "./resources/data.ts";
import { collectTimeline } from "./timeline/data.ts";
import { collectWaits } from "./waits/data.ts";
import type { Run } from "../run.ts";

/**
 * Every chart, by its name: what it draws of a run, or null where the run has nothing for it. A chart is a folder of this
 * name: its data, its drawing (a line in `drawings.ts`), and its section of the page with the same figures as a table.
 */
const charts = {
  failover: collectFailover,
  phases: collectPhases,
  timeline: collectTimeline,
  load: collectLoad,
  percentiles: collectPercentiles,
  recall: collectRecall,
  resources: collectResources,
  waits: collectWaits,
} satisfies Readonly<Record<string, (run: Run) => object | null>>;

export type ChartName = keyof typeof charts;

/** What the page hands to its script: of each chart that has something to show. */
export type PageData = {
  readonly [Name in ChartName]?: NonNullable<ReturnType<(typeof charts)[Name]>>;
};

export function collectCharts(run: Run): PageData {
  const collected = Object.entries(charts).map(([name, collect]) => [name, collect(run)] as const);
  return Object.fromEntries(collected.filter(([, data]) => data !== null));
}
