import type { ComparedFigure, RunDifference } from "../../../../harness/model/comparison.ts";
import { metrics } from "../../../../harness/model/metric.ts";
import type { Comparison } from "../../../comparison.ts";
import { comparisonRows } from "../../../comparison-rows.ts";
import { formatRatio } from "../../../format-quantity.ts";
import type { Footnotes } from "../../footnotes.ts";
import { html, type Content, type Markup } from "../../markup.ts";
import { metricHint } from "../../metric-hint.ts";
import { section } from "../../section.ts";
import { table } from "../../table.ts";

/** Every figure that at least two runs have, side by side, with what may be said of the difference. */
export function figures(comparison: Comparison, footnotes: Footnotes): Markup {
  const { groups, alone } = comparisonRows(comparison);
  const rows = groups.flatMap(({ of, rows: list }) =>
    list.map((row, index) => [
      index === 0 ? html`<strong>${of}</strong>${caution(row)}` : "",
      html`<span class="term" title="${metricHint(row.metric)}">${metrics[row.metric].title}</span>`,
      ...row.figures.map((figure, run) => [
        footnotes.figure(figure, metrics[row.metric].unit),
        differenceOf(row.differences[run - 1]),
      ]),
    ]),
  );
  return section(
    "figures",
    "Figures side by side",
    html`<p>
      Below each figure: its ratio to the first run's, and what may be said of it. A difference counts from 5
      % on, and only where a rank test (Mann-Whitney, p below 0.01) over the seconds of the steady phase, or
      the injections, finds it too. Hover for the test.
    </p>`,
    rows.length === 0
      ? html`<p>No figure was measured in two of the runs.</p>`
      : table(
          [
            { title: "Of" },
            { title: "Figure" },
            ...comparison.runs.map(({ name }) => ({ title: name, number: true })),
          ],
          rows,
        ),
    alone.length === 0
      ? null
      : html`<p class="hint">
          Measured in one run alone, and so not compared: ${alone.join("; ")}. The chart has them all.
        </p>`,
  );
}

function caution(row: ComparedFigure): Markup | null {
  return row.caution === null ? null : html`<br /><span class="doubt">⚠ ${row.caution}</span>`;
}

function differenceOf(difference: RunDifference | undefined): Content {
  if (difference === undefined) return null;
  const { ratio, finding, test } = difference;
  if (ratio.kind !== "value") return null;
  const why =
    "withheld" in test
      ? test.withheld
      : `Mann-Whitney p ${test.pValue < 0.001 ? "below 0.001" : test.pValue.toFixed(3)}, n ${test.n.join(" and ")}`;
  return html`<br /><span class="hint"
      >${formatRatio(ratio.value)}
      <span class="${CLASSES[finding]}" title="${why}">${WORDS[finding]}</span></span
    >`;
}

const WORDS: Record<RunDifference["finding"], string> = {
  better: "✓ better",
  worse: "✗ worse",
  different: "different",
  alike: "alike",
  undecided: "undecided",
};

const CLASSES: Record<RunDifference["finding"], string> = {
  better: "good term",
  worse: "bad term",
  different: "doubt term",
  alike: "term",
  undecided: "term",
};
