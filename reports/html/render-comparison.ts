import { countOfSides, type Comparison } from "../comparison.ts";
import type { ComparisonData } from "./benchmark-data.ts";
import { collectLoadData } from "./collect-load-data.ts";
import { contentsList } from "./contents-list.ts";
import { Footnotes } from "./footnotes.ts";
import { html, type Markup } from "./markup.ts";
import { pageOf } from "./page.ts";
import { percentileChoice } from "./percentile-choice.ts";
import { section } from "./section.ts";
import { clients } from "./sections/comparison/clients.ts";
import { comparedRuns } from "./sections/comparison/compared-runs.ts";
import { conditions } from "./sections/comparison/conditions.ts";
import { figures } from "./sections/comparison/figures.ts";
import { fullResources } from "./sections/comparison/full-resources.ts";
import { outages } from "./sections/comparison/outages.ts";

/** compare.html: several runs on one page, under the same rules as report.html. */
export function renderComparison(comparison: Comparison, assets: { readonly chartsScript: string }): string {
  return pageOf({
    title: `${comparison.sides.map(({ name }) => name).join(", ")} compared - dpg-bench`,
    content: comparisonPart(comparison),
    data: comparisonData(comparison),
    chartsScript: assets.chartsScript,
  });
}

/** Everything that can be read without the script. */
export function comparisonPart(comparison: Comparison): Markup {
  const footnotes = new Footnotes();
  const parts: [id: string, title: string, content: Markup | null][] = [
    ["runs", "Runs", comparedRuns(comparison, footnotes)],
    ["conditions", "Differing conditions", conditions(comparison)],
    ["load", "Latency by load", load(comparison)],
    ["outages", "Unavailability", outages(comparison, footnotes)],
    ["figures", "Figures", figures(comparison, footnotes)],
    ["client", "Client", clients(comparison, footnotes)],
    ["full", "What was full", fullResources(comparison)],
  ];
  const there = parts.filter(([, , content]) => content !== null);
  const notes = footnotes.list();
  return html`<header class="banner plain" id="verdict">
      <p class="muted">dpg-bench compare</p>
      <div class="title"><h1>${comparison.sides.map(({ name }) => name).join(" against ")}</h1></div>
      <p class="answer">${headline(comparison)}</p>
    </header>
    ${contentsList(Object.fromEntries(there.map(([id, title]) => [id, title])))}
    ${there.map(([, , content]) => content)} ${notes === null ? null : section("notes", "Notes", notes)}`;
}

function headline({ runs, sides, compared }: Comparison): string {
  const scenarios = [...new Set(runs.map(({ recording }) => recording.plan.scenario.name))];
  const asked = `${scenarios.join(", ")}: ${countOfSides({ runs, sides })}, each compared with the first.`;
  if (compared.notComparable.length === 0) return asked;
  return `${asked} Their figures are not of the same thing: ${compared.notComparable.join(" ")}`;
}

function load({ runs }: Comparison): Markup | null {
  if (runs.every(({ measurements }) => measurements.stages.length === 0)) return null;
  return section(
    "load",
    "Latency by load",
    html`<p>
        Every stage of every run, by the rate that was offered; vertical lines are the highest rates that were
        kept up, with bands to the lowest that were refused. Hollow marks are closed stages, at their
        throughput; a cross marks a stage whose figures are in doubt. ${serviceTimesOnly(runs)}
      </p>
      ${percentileChoice(comparisonGroups(runs))}
      <div class="chart" id="chart-load" style="height: 420px">
        <noscript>The chart needs JavaScript; the table below has the figures of common stages.</noscript>
      </div>`,
  );
}

function serviceTimesOnly(runs: Comparison["runs"]): string | null {
  return runs.some(({ recording }) => recording.plan.benchmark?.client.engine === "k6")
    ? "The engine k6 knows no intended start: its latencies are service times, and look better than they would from a schedule."
    : null;
}

function comparisonGroups(runs: Comparison["runs"]): number {
  return runs.reduce((sum, { recording }) => sum + (recording.plan.benchmark?.variants.length ?? 0), 0);
}

function comparisonData({ runs }: Comparison): ComparisonData {
  const perRun = runs.map((run) =>
    collectLoadData(run, (variant) => (variant === "" ? run.name : `${run.name}, ${variant}`)),
  );
  return {
    kind: "comparison",
    load: { groups: perRun.flatMap(({ groups }) => groups), targets: perRun[0]?.targets ?? [] },
  };
}
