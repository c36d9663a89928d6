import type { Run } from "../run.ts";
import { collectChartData } from "./collect-chart-data.ts";
import { embedJson, embedScript } from "./embed.ts";
import { Footnotes } from "./footnotes.ts";
import { html, raw, type Markup } from "./markup.ts";
import { pageStyle } from "./page-style.ts";
import { banner } from "./sections/banner.ts";
import { distribution } from "./sections/distribution.ts";
import { environment } from "./sections/environment.ts";
import { eventLog } from "./sections/event-log.ts";
import { findings } from "./sections/findings.ts";
import { gaps } from "./sections/gaps.ts";
import { howMeasured } from "./sections/how-measured.ts";
import { injections } from "./sections/injections.ts";
import { keyFacts } from "./sections/key-facts.ts";
import { latency } from "./sections/latency.ts";
import { phases } from "./sections/phases.ts";
import { prediction } from "./sections/prediction.ts";
import { redundancy } from "./sections/redundancy.ts";
import { reproduce } from "./sections/reproduce.ts";
import { safety } from "./sections/safety.ts";
import { targets } from "./sections/targets.ts";
import { timeline } from "./sections/timeline.ts";

/**
 * report.html: one file that needs nothing else. Its policy forbids every request; the tables need no
 * JavaScript; `chartsScript` is the bundle of client/report-charts.ts.
 */
export function renderHtml(run: Run, assets: { readonly chartsScript: string }): string {
  const { scenario, topology } = run.recording.plan;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>${run.verdict.outcome}: ${scenario.name} on ${topology.name} - dpg-bench</title>
        <style>
          ${raw(pageStyle)}
        </style>
      </head>
      <body>
        <main>${staticPart(run)}</main>
        ${embedJson("chart-data", collectChartData(run))} ${embedScript(assets.chartsScript)}
      </body>
    </html> `;
  return page.markup;
}

/** Everything that can be read without the script: text, tables, the drawing of the nodes. */
export function staticPart(run: Run): Markup {
  const footnotes = new Footnotes();
  return html`${banner(run)} ${contents()} ${targets(run, footnotes)} ${gaps(run)} ${keyFacts(run)}
  ${distribution(run, footnotes)} ${phases(run, footnotes)} ${timeline(run)} ${injections(run, footnotes)}
  ${latency(run, footnotes)} ${safety(run, footnotes)} ${redundancy(run, footnotes)}
  ${prediction(run, footnotes)} ${findings(run)} ${howMeasured(run, footnotes)} ${environment(run)}
  ${eventLog(run)} ${reproduce(run)}`;
}

function contents(): Markup {
  const links = Object.entries(CONTENTS).map(([id, title]) => html`<a href="#${id}">${title}</a> `);
  return html`<nav class="contents" aria-label="contents">${links}</nav>`;
}

const CONTENTS = {
  targets: "Targets",
  gaps: "Not measured",
  facts: "Question and cluster",
  failover: "Failover",
  phases: "Where the time went",
  timeline: "Time line",
  injections: "Injections",
  latency: "Latency",
  safety: "Data safety",
  redundancy: "Redundancy",
  prediction: "Predicted",
  findings: "Findings",
  method: "How measured",
  environment: "Environment",
  log: "Events",
  reproduce: "Again",
};
