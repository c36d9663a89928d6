import { metrics } from "../../../harness/model/metric.ts";
import { describeBound } from "../../describe-bound.ts";
import { formatCount } from "../../../harness/model/format-value.ts";
import { dataInOneLine } from "../../data-in-one-line.ts";
import type { Run } from "../../run.ts";
import type { Footnotes } from "../footnotes.ts";
import { html, type Markup } from "../markup.ts";
import { metricHint } from "../metric-hint.ts";
import { outcomeBadge } from "../outcome-badge.ts";
import { section } from "../section.ts";
import { table } from "../table.ts";

/** Each target with its outcome, the sentence of why and where the promise stands; then what was lost, in one line. */
export function targets(run: Run, footnotes: Footnotes): Markup {
  const rows = run.verdict.targets.map(({ target, outcome, sentence, foreseen, evidence }) => {
    const worst = evidence[0];
    const { unit, title } = metrics[target.metric];
    return [
      outcomeBadge(outcome),
      html`<strong>${target.id}</strong> ${target.title}<br /><span
          class="hint term"
          title="${metricHint(target.metric)}"
          >${title}</span
        >`,
      describeBound(target),
      worst === undefined
        ? "—"
        : html`${footnotes.figure(worst.figure, unit)}<br /><span class="hint"
              >${worst.of}, n ${formatCount(worst.n)}</span
            >`,
      html`${sentence}${foreseen === null ? null : html`<br /><em>${foreseen}</em>`}`,
      target.source,
    ];
  });
  const columns = ["Outcome", "Target", "Bound", "Worst figure", "Why", "Source of the promise"];
  return section(
    "targets",
    "Targets",
    rows.length === 0
      ? html`<p>This scenario has no targets.</p>`
      : table(
          columns.map((title) => ({ title })),
          rows,
        ),
    html`<p class="lost">${dataInOneLine(run)}</p>`,
  );
}
