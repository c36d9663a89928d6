import type { PageData } from "../charts/catalogue.ts";
import { type LoadData, loadOf } from "../charts/load/data.ts";
import { percentileChoice } from "../charts/load/section.ts";
import { type Comparison, countOfSides, serviceTimesOnly } from "../comparison.ts";
import { Footnotes } from "./footnotes.ts";
import { html, type Markup } from "./markup.ts";
import { chartPlace, contentsList, section } from "./page-parts.ts";
import { pageOf } from "./page.ts";
import { comparedRuns, conditions } from "./sections/comparison/compared-runs.ts";
import { costs } from "./sections/comparison/costs.ts";
import { figures } from "./sections/comparison/figures.ts";
import { outages } from "./sections/comparison/outages.ts";
import { clients, fullResources } from "./sections/comparison/usage.ts";

/** compare.html: several runs on one page, under the same rules as report.html. */
export function renderComparison(comparison: Comparison, assets: { readonly chartsScript: string }): string {
  return pageOf({
    title: `${comparison.sides.map(({ name }) => name).join(", ")} compared - dpg-bench`,
    content: comparisonPart(comparison),
    data: { load: loadOfAll(comparison) } satisfies PageData,
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
    ["costs", "What each second costs", costs(comparison, footnotes)],
    ["outages", "Unavailability", outages(comparison, footnotes)],
    ["figures", "Figures", figures(comparison, footnotes)],
    ["client", "Client", clients(comparison, footnotes)],
    ["full", "What was saturated", fullResources(comparison)],
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

function load(comparison: Comparison): Markup | null {
  const { runs } = comparison;
  if (runs.every(({ measurements }) => measurements.stages.length === 0)) return null;
  return section(
    "load",
    "Latency by load",
    html`<p>
        Every stage of every run, by the rate that was offered; vertical lines are the highest rates that were
        kept up, with bands to the lowest that were refused. Hollow marks are closed stages, at their
        throughput; a cross marks a stage whose figures are in doubt. ${serviceTimesOnly(runs)}
      </p>
      ${percentileChoice(loadOfAll(comparison))}
      ${chartPlace("load", "The chart needs JavaScript; the table below has the figures of common stages.")}`,
  );
}

function loadOfAll({ runs }: Comparison): LoadData {
  const perRun = runs.map((run) =>
    loadOf(run, (variant) => (variant === "" ? run.name : `${run.name}, ${variant}`)),
  );
  return { groups: perRun.flatMap(({ groups }) => groups), targets: perRun[0]?.targets ?? [] };
}
