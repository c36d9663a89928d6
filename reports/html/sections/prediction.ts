import type { PredictedBand } from "../../../harness/model/advice.ts";
import type { Distribution, FaultSummary } from "../../../harness/model/measurement.ts";
import type { Run } from "../../run.ts";
import type { Footnotes } from "../footnotes.ts";
import { html, type Content, type Markup } from "../markup.ts";
import { section } from "../section.ts";
import { table } from "../table.ts";
import { highestOf, lowestOf } from "../../../harness/stats/figures.ts";

/** Predicted from the configuration, beside what was measured; then the terms of each prediction with their sources. */
export function prediction(run: Run, footnotes: Footnotes): Markup {
  const { advice } = run.recording.plan;
  const { faults } = run.measurements;
  if (advice.bands.length === 0)
    return section("prediction", "Predicted and measured", html`<p>Nothing was predicted.</p>`);
  const rows = advice.bands.map((band) =>
    row(
      band,
      faults.find(({ fault }) => fault === band.fault),
      footnotes,
    ),
  );
  const adjusted = advice.timing?.adjusted ?? [];
  return section(
    "prediction",
    "Predicted and measured",
    table(
      [
        { title: "Fault" },
        { title: "Predicted, writes", number: true },
        { title: "Median", number: true },
        { title: "Min to max", number: true },
        { title: "n", number: true },
        { title: "Measured lies" },
      ],
      rows,
    ),
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
          { title: "Fault" },
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

function row(band: PredictedBand, summary: FaultSummary | undefined, footnotes: Footnotes): Content[] {
  const predicted = `${band.lowSeconds.toFixed(1)} to ${band.highSeconds.toFixed(1)} s`;
  const name = html`<strong>${band.fault}</strong><br /><span class="hint">${band.failureClass}</span>`;
  if (summary === undefined) return [name, predicted, "—", "—", 0, "not injected"];
  const { median, min, max, n } = summary.writeUnavailabilitySeconds;
  return [
    name,
    predicted,
    footnotes.figure(median, "s"),
    html`${footnotes.figure(min, "s")} to ${footnotes.figure(max, "s")}`,
    n,
    whereItLies(band, summary.writeUnavailabilitySeconds),
  ];
}

function whereItLies(band: PredictedBand, { min, max }: Distribution): string {
  if (min.kind === "withheld" || max.kind === "withheld") return "not known";
  const words = [];
  if (highestOf(min) < band.lowSeconds) words.push("in part below the band");
  if (lowestOf(max) > band.highSeconds) words.push("in part above the band");
  else if (max.kind !== "value") words.push("not known where it ends");
  return words.join(", ") || "within the band";
}

function terms(band: PredictedBand): Content[][] {
  return band.terms.map((term, index) => [
    index === 0 ? html`<strong>${band.fault}</strong>` : "",
    term.name,
    `${term.lowSeconds.toFixed(1)} s`,
    `${term.highSeconds.toFixed(1)} s`,
    term.because,
  ]);
}
