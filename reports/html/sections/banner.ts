import { clusterHeadline, endSentence, harnessSentence } from "../../conclusion-sentences.ts";
import type { Run } from "../../run.ts";
import { html, type Markup } from "../markup.ts";
import { outcomeBadge } from "../outcome-badge.ts";

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
