import { formatCount } from "../../../harness/model/format-value.ts";
import { metrics } from "../../../harness/model/metric.ts";
import { clusterHeadline, endSentence, harnessSentence } from "../../conclusion-sentences.ts";
import { dataInOneLine } from "../../data-in-one-line.ts";
import { describeBound } from "../../describe-plan.ts";
import type { Footnotes } from "../footnotes.ts";
import { html, type Markup } from "../markup.ts";
import { metricHint, outcomeBadge, section, table } from "../page-parts.ts";
import type { Run } from "../../run.ts";

/** The verdict with one sentence of why, and apart from it that dpg-bench did its work. */
export function banner(run: Run): Markup {
  const { recording, verdict } = run;
  const { scenario, topology } = recording.plan;
  return html`${recording.end.kind === "incomplete" ? incomplete(recording.end.reason) : null}
    <header class="banner ${verdict.outcome}" id="verdict">
      <p class="muted">
        ${scenario.name}${scenario.quick ? " (quick)" : ""} on ${topology.name}${startedAt(run)}
      </p>
      <div class="title">
        ${outcomeBadge(verdict.outcome)}
        <h1>${clusterHeadline(run)}</h1>
      </div>
      <p class="answer">${verdict.sentence}</p>
      <p class="work">${harnessSentence(run)}</p>
    </header>`;
}

function incomplete(reason: string): Markup {
  return html`<p class="incomplete" role="alert">
    ⚠ Incomplete run: ${endSentence(reason)} What follows is what was recorded until then.
  </p>`;
}

function startedAt(run: Run): string {
  const startedAt = run.recording.environment?.startedAt;
  return startedAt === undefined ? "" : `, ${startedAt.replace("T", " ").replace(/\.\d+Z$/, " UTC")}`;
}

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

/** What was not measured, where it cannot be overlooked. */
export function gaps(run: Run): Markup {
  const list = run.measurements.gaps;
  const items = list.map((gap) => html`<li>${gap}</li>`);
  const more = items.slice(SHOWN);
  const content =
    items.length === 0
      ? html`<p>Everything that this scenario asks for was measured.</p>`
      : [
          html`<ul>
            ${items.slice(0, SHOWN)}
          </ul>`,
          more.length === 0
            ? null
            : html`<details>
                <summary>${more.length} more</summary>
                <ul>
                  ${more}
                </ul>
              </details>`,
        ];
  const markup = section("gaps", "What was not measured, or only in part", content);
  return list.length === 0 ? markup : html`<div class="gaps-frame">${markup}</div>`;
}

const SHOWN = 8;
