import {
  metricOf,
  type PredictedBand,
  type PredictedMetric,
  rolesOf,
} from "../../../harness/model/advice.ts";
import { formatBand, formatSeconds } from "../../../harness/model/format-value.ts";
import { injectedTitle } from "../../../harness/model/plan.ts";
import {
  highestOf,
  type KnownFigure,
  knownFigures,
  lowestOf,
  medianFigure,
  rankedFigure,
} from "../../../harness/stats/figures.ts";
import type { Footnotes } from "../footnotes.ts";
import { type Content, html, type Markup } from "../markup.ts";
import { section, table } from "../page-parts.ts";
import type { Run } from "../../run.ts";
import { whyWritesStopped } from "../../seen-of-finding.ts";

/** Predicted from the configuration, beside what was measured; then the terms of each prediction with their sources. */
export function prediction(run: Run, footnotes: Footnotes): Markup | null {
  const { advice, injections } = run.recording.plan;
  const injected = injectedTitle(run.recording.plan);
  if (injections.length === 0 || advice.bands.length === 0) return null;
  const rows = advice.bands.map((band) => row(band, measuredOf(band, run), footnotes));
  const stopped = whyWritesStopped(run);
  const adjusted = advice.timing?.adjusted ?? [];
  return section(
    "prediction",
    "Predicted and measured",
    table(
      [
        { title: injected },
        { title: "Of" },
        { title: "Predicted", number: true },
        { title: "Median", number: true },
        { title: "Min to max", number: true },
        { title: "n", number: true },
        { title: "Measured lies" },
      ],
      rows,
    ),
    stopped === null ? null : html`<p>${stopped}</p>`,
    adjusted.length === 0
      ? null
      : html`<h3>Settings that Patroni changes by itself</h3>
          <ul>
            ${adjusted.map((line) => html`<li>${line}</li>`)}
          </ul>`,
    html`<details open>
      <summary>Terms of each prediction</summary>
      ${table(
        [
          { title: injected },
          { title: "Of" },
          { title: "Term" },
          { title: "From", number: true },
          { title: "To", number: true },
          { title: "Because" },
        ],
        advice.bands.flatMap(terms),
      )}
    </details>`,
  );
}

/** The figures that the band speaks of: of its fault, on victims of its roles. */
function measuredOf(band: PredictedBand, { measurements }: Run): KnownFigure[] {
  const named = measurements.injections
    .filter(({ fault, role }) => fault === band.fault && role !== null && rolesOf(band).includes(role))
    .map(({ fault, injection }) => `${fault}, injection ${injection}`);
  const figures = measurements.figures.filter(
    ({ metric, of }) => metric === metricOf(band) && named.includes(of),
  );
  return knownFigures(figures.map(({ figure }) => figure));
}

function row(band: PredictedBand, measured: readonly KnownFigure[], footnotes: Footnotes): Content[] {
  const n = measured.length;
  const asked = [nameOf(band), OF[metricOf(band)], formatBand(band)];
  if (n === 0) return [...asked, "—", "—", 0, "not measured"];
  const [min, max] = [rankedFigure(measured, 1), rankedFigure(measured, n)];
  return [
    ...asked,
    footnotes.figure(medianFigure(measured), "s"),
    html`${footnotes.figure(min, "s")} to ${footnotes.figure(max, "s")}`,
    n,
    whereItLies(band, min, max),
  ];
}

function nameOf(band: PredictedBand): Markup {
  const roles = rolesOf(band).join(" or ");
  return html`<strong>${band.fault}</strong><br /><span class="hint">${band.failureClass}, ${roles}</span>`;
}

/** A victim that is not said to be another is the primary. */
function onWhom(band: PredictedBand): Markup | null {
  const roles = rolesOf(band);
  return roles.includes("primary") ? null : html`<br /><span class="hint">${roles.join(" or ")}</span>`;
}

const OF: Readonly<Record<PredictedMetric, string>> = {
  "write-unavailability": "writes",
  "read-unavailability": "reads",
  "circuit-open": "circuit open",
};

function whereItLies(band: PredictedBand, min: KnownFigure, max: KnownFigure): string {
  const words = [];
  if (highestOf(min) < band.lowSeconds) words.push("in part below the band");
  if (lowestOf(max) > band.highSeconds) words.push("in part above the band");
  else if (max.kind !== "value") words.push("not known where it ends");
  return words.join(", ") || "within the band";
}

function terms(band: PredictedBand): Content[][] {
  return band.terms.map((term, index) => [
    index === 0 ? html`<strong>${band.fault}</strong>${onWhom(band)}` : "",
    index === 0 ? OF[metricOf(band)] : "",
    term.name,
    formatSeconds(term.lowSeconds),
    formatSeconds(term.highSeconds),
    term.because,
  ]);
}
