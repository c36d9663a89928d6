import type { ComparedFigure, SideDifference } from "../../../../harness/model/comparison.ts";
import { formatP, formatUtilisation } from "../../../../harness/model/format-value.ts";
import { metrics } from "../../../../harness/model/metric.ts";
import { type Comparison, comparisonRows } from "../../../comparison.ts";
import { estimateInWords, reasonsUndecided, testInWords } from "../../../describe-difference.ts";
import type { Footnotes } from "../../footnotes.ts";
import { type Content, html, type Markup } from "../../markup.ts";
import { metricHint, section, table } from "../../page-parts.ts";

/** Every figure that at least two sides have, next to each other, with what may be said of the difference. */
export function figures(comparison: Comparison, footnotes: Footnotes): Markup {
  const all = comparisonRows(comparison);
  const { groups, alone } = all;
  const reasons = reasonsUndecided(all);
  const rows = groups.flatMap(({ of, rows: list }) =>
    list.map((row, index) => [
      index === 0 ? html`<strong>${of}</strong>${[row.caution, row.note].map(warning)}` : "",
      html`<span class="term" title="${metricHint(row.metric)}">${metrics[row.metric].title}</span>`,
      ...row.figures.map((figure, side) => [
        footnotes.figure(figure, metrics[row.metric].unit),
        differenceOf(row, row.differences[side - 1], reasons),
      ]),
    ]),
  );
  return section(
    "figures",
    "Figures side by side",
    html`<p>
        A side of several runs shows the median of their figures. Below each figure: its ${term("ratio")} to
        the first side's with its ${term("interval")}, the ${term("finding")}, how likely chance alone is
        (${term("p")}), and how many values it rests on: ${term("runs")}, ${term("injections")}, or
        ${term("blocks")} of seconds. ${comparison.compared.tested} differences were tested together, and p is
        raised for that.
      </p>
      ${definitions()}`,
    rows.length === 0
      ? html`<p>No figure was measured on two of the sides.</p>`
      : table(
          [
            { title: "Of" },
            { title: "Figure" },
            ...comparison.sides.map(({ name, runs }) => ({
              title: runs.length === 1 ? name : `${name}, ${runs.length} runs`,
              number: true,
            })),
          ],
          rows,
        ),
    reasons.length === 0
      ? null
      : html`<h3>Why undecided</h3>
          <ol class="notes">
            ${reasons.map((why, index) => html`<li id="undecided-${index + 1}">${why}</li>`)}
          </ol>`,
    alone.length === 0
      ? null
      : html`<p class="hint">
          Measured on one side alone, and so not compared: ${alone.join("; ")}. The chart has them all.
        </p>`,
  );
}

function warning(text: string | null): Markup | null {
  return text === null ? null : html`<br /><span class="doubt">⚠ ${text}</span>`;
}

function differenceOf(
  { metric }: ComparedFigure,
  difference: SideDifference | undefined,
  reasons: readonly string[],
): Content {
  if (difference === undefined) return null;
  const { evidence, finding, why } = difference;
  const estimate = estimateInWords(difference, metrics[metric].unit);
  if (estimate === "" && "withheld" in evidence) return null;
  const note = reasons.indexOf(why) + 1;
  const said = html`<span class="${CLASSES[finding]}" title="${why}">${WORDS[finding]}</span
    >${note === 0 ? null : html`<sup><a href="#undecided-${note}" aria-label="why: note ${note}">${note}</a></sup>`}`;
  return html`<br /><span class="hint">${estimate} ${said}</span>${
      "withheld" in evidence
        ? null
        : html`<br /><span class="hint" title="${detailOf(evidence)}"
              >${testInWords(evidence, finding)}</span
            >`
    }`;
}

/** What a statistician asks for beside it. */
function detailOf({
  noDifference,
  farApart,
  confidence,
}: Exclude<SideDifference["evidence"], { withheld: string }>): string {
  const both = (p: { readonly alone: number; readonly amongAll: number }): string =>
    `p ${formatP(p.alone)} alone, ${formatP(p.amongAll)} among all`;
  return [
    `No difference: ${both(noDifference)}.`,
    farApart === null ? "" : `5 % apart or more: ${both(farApart)}.`,
    `Interval of ${formatUtilisation(confidence)}.`,
  ]
    .join(" ")
    .trim();
}

type Term = keyof typeof TERMS;

function term(name: Term): Markup {
  return html`<span class="term" title="${TERMS[name]}">${name}</span>`;
}

function definitions(): Markup {
  return html`<details>
    <summary>What these words mean, and how it is decided</summary>
    <ul class="notes">
      ${Object.entries(TERMS).map(([name, what]) => html`<li><strong>${name}</strong>: ${what}</li>`)}
    </ul>
  </details>`;
}

/** For a reader who knows databases and not statistics. The sources stand beside the code. */
const TERMS = {
  ratio:
    "How many times the first side's, estimated from the values behind the figures: the median of all ratios between a value of this side and one of the first (Hodges-Lehmann). A difference in the figure's own unit where a value is 0.",
  interval:
    "Where the true ratio lies, right in 95 of 100 comparisons (fewer where there are too few values for that: hover over p). It narrows with more data.",
  finding:
    "better or worse: chance alone is unlikely (p at most 0.05), the ratio is 5 % or more, and the figures themselves point the same way and as far. alike: a test of its own rules out that they are 5 % or more apart. undecided: neither is shown; the note says what would help.",
  p: "How often chance alone would give values at least so far apart (of alike: so close). Mann-Whitney's rank test, counted out exactly for few values; of alike, two one-sided ones. Raised for the number of differences tested (Benjamini-Hochberg): of all that is called a finding, at most one in twenty is expected to be chance.",
  runs: "Repeated runs of a side, one figure each. The only evidence that holds from run to run: equal runs on one machine differ too.",
  injections:
    "Injections of one fault, in all runs of a side. Each begins at a random moment after full redundancy, and counts as a trial of its own.",
  blocks:
    "Stretches of the steady phase of one run, with gaps as long between them. Seconds resemble the ones before, so single ones are no independent evidence; the length follows the measured autocorrelation. They tell these two runs apart, and not what the runs stand for: repeat the runs for that.",
} as const;

const WORDS: Record<SideDifference["finding"], string> = {
  better: "✓ better",
  worse: "✗ worse",
  different: "different",
  alike: "alike",
  undecided: "undecided",
};

const CLASSES: Record<SideDifference["finding"], string> = {
  better: "good term",
  worse: "bad term",
  different: "doubt term",
  alike: "term",
  undecided: "term",
};
