import { collectCharts, type PageData } from "../charts/catalogue.ts";
import { failover } from "../charts/failover/section.ts";
import { latencyByLoad } from "../charts/load/section.ts";
import { stageDistribution } from "../charts/percentiles/section.ts";
import { phases } from "../charts/phases/section.ts";
import { recallByStage } from "../charts/recall/section.ts";
import { bottlenecks } from "../charts/resources/section.ts";
import { timeline } from "../charts/timeline/section.ts";
import type { Run } from "../run.ts";
import { Footnotes } from "./footnotes.ts";
import { html, type Markup } from "./markup.ts";
import { contentsList } from "./page-parts.ts";
import { pageOf } from "./page.ts";
import { capacitySearch } from "./sections/capacity-search.ts";
import { clientShare } from "./sections/client-share.ts";
import { copies } from "./sections/copies.ts";
import { disturbances } from "./sections/disturbances.ts";
import { environment, reproduce } from "./sections/environment.ts";
import { eventLog } from "./sections/event-log.ts";
import { asked } from "./sections/facts.ts";
import { findings } from "./sections/findings.ts";
import { howMeasured } from "./sections/how-measured.ts";
import { injections } from "./sections/injections.ts";
import { latency } from "./sections/latency.ts";
import { moves } from "./sections/moves.ts";
import { loading } from "./sections/loading.ts";
import { placement } from "./sections/placement.ts";
import { prediction } from "./sections/prediction.ts";
import { redundancy } from "./sections/redundancy.ts";
import { safety } from "./sections/safety.ts";
import { startUp } from "./sections/start-up.ts";
import { variants } from "./sections/variants.ts";
import { banner, gaps, targets } from "./sections/verdict.ts";

/**
 * report.html: one file that needs nothing else. Its policy forbids every request; the tables need no
 * JavaScript; `chartsScript` is the bundle of charts/drawing/page.ts.
 */
export function renderHtml(run: Run, assets: { readonly chartsScript: string }): string {
  const { scenario, topology } = run.recording.plan;
  const charts = collectCharts(run);
  return pageOf({
    title: `${run.verdict.outcome}: ${scenario.name} on ${topology.name} - dpg-bench`,
    content: staticPart(run, charts),
    data: charts,
    chartsScript: assets.chartsScript,
  });
}

/** A card of the page: the id that the contents list links to, its word there, and what is in it; null: nothing to show. */
type Entry = readonly [id: string, word: string, markup: Markup | null];

/**
 * Everything that can be read without the script, in the order in which it is read: text, tables, the drawing of the nodes.
 * What there is nothing of is not there.
 */
export function staticPart(run: Run, charts: PageData = collectCharts(run)): Markup {
  const footnotes = new Footnotes();
  const entries: readonly Entry[] = [
    ["targets", "Targets", targets(run, footnotes)],
    ["gaps", "Not measured", gaps(run)],
    ["facts", "What was asked", asked(run)],
    ["disturbances", "Load under faults", disturbances(run, footnotes)],
    ["moves", "Moved shards", moves(run, footnotes)],
    ["load", "Latency by load", latencyByLoad(run, footnotes)],
    ["recall", "Recall", recallByStage(run, footnotes)],
    ["copies", "Copies of the index", copies(run, footnotes)],
    ["variants", "Variants", variants(run, footnotes)],
    ["placement", "Where the rows are", placement(run)],
    ["loading", "Loading and indexes", loading(run)],
    ["search", "Capacity", capacitySearch(run, footnotes)],
    ["distribution", "Distribution", stageDistribution(run)],
    ["failover", "Failover", failover(run, footnotes)],
    ["phases", "Where the time went", phases(run, footnotes)],
    ["timeline", "Time line", timeline(run, charts)],
    ["injections", "Injections", injections(run, footnotes)],
    ["latency", "Probes", latency(run, footnotes)],
    ["client", "Client", clientShare(run, footnotes)],
    ["resources", "Resources", bottlenecks(run)],
    ["safety", "Data safety", safety(run, footnotes)],
    ["redundancy", "Redundancy", redundancy(run, footnotes)],
    ["start-up", "Start-up", startUp(run)],
    ["prediction", "Predicted", prediction(run, footnotes)],
    ["findings", "Findings", findings(run)],
    ["method", "How measured", howMeasured(run, footnotes)],
    ["environment", "Environment", environment(run)],
    ["log", "Events", eventLog(run)],
    ["reproduce", "Again", reproduce(run)],
  ];
  const shown = entries.filter(([, , markup]) => markup !== null);
  return html`${banner(run)} ${contentsList(Object.fromEntries(shown.map(([id, word]) => [id, word])))}
  ${shown.map(([, , markup]) => html`${markup} `)}`;
}
