import type { StageMeasurement } from "../../harness/model/measurement.ts";
import { type MetricName, metrics } from "../../harness/model/metric.ts";
import type { VerdictOutcome } from "../../harness/model/verdict.ts";
import { type Content, html, type Markup } from "./markup.ts";
import type { ChartName } from "../charts/catalogue.ts";

/** One card of the page, with the heading that the page's contents list links to. */
export function section(id: string, title: string, ...content: readonly Content[]): Markup {
  return html`<section id="${id}">
    <h2>${title}</h2>
    ${content}
  </section> `;
}

/** Links to the page's sections: id and word of each, in their order. */
export function contentsList(entries: Readonly<Record<string, string>>): Markup {
  const links = Object.entries(entries).map(([id, title]) => html`<a href="#${id}">${title}</a> `);
  return html`<nav class="contents" aria-label="contents">${links}</nav>`;
}

export interface Column {
  readonly title: Content;
  /** Figures stand right-aligned, in digits of one width. */
  readonly number?: boolean;
  /** What the column means, on hover. */
  readonly hint?: string | undefined;
}

/** A plain table that works without JavaScript and scrolls sideways where the page is too narrow for it. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Content[])[],
  caption?: Content,
): Markup {
  const head = columns.map((column) =>
    column.hint === undefined
      ? html`<th scope="col" class="${kind(column)}">${column.title}</th>`
      : html`<th scope="col" class="${kind(column)}" title="${column.hint}">
          <span class="term">${column.title}</span>
        </th>`,
  );
  const body = rows.map((row) => {
    const cells = row.map((cell, index) => html`<td class="${kind(columns[index])}">${cell}</td>`);
    return html`<tr>
      ${cells}
    </tr> `;
  });
  return html`<div class="scroll">
    <table>
      ${
        caption === undefined
          ? null
          : html`<caption>
              ${caption}
            </caption>`
      }
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}

function kind(column: Column | undefined): string {
  return column?.number === true ? "number" : "text";
}

/** A share as a bar that needs no script; 1 is the whole width. */
export function barCell(share: number): Markup {
  const percent = Math.round(Math.max(0, Math.min(1, share)) * 100);
  return html`<span class="bar" aria-hidden="true"><span style="width: ${percent}%"></span></span>`;
}

/** A metric's definition for a tooltip: what it is, and what it is not. */
export function metricHint(name: MetricName): string {
  const { definition, isNot } = metrics[name];
  return `${definition} It is not: ${isNot}`;
}

const signs: Record<VerdictOutcome, string> = { pass: "✓", fail: "✗", unknown: "?" };

/** An outcome as sign, word and colour: never by colour alone. */
export function outcomeBadge(outcome: VerdictOutcome): Markup {
  return html`<span class="badge ${outcome}"
    ><span aria-hidden="true">${signs[outcome]}</span> ${outcome}</span
  >`;
}

/** A stage's name; with the reason on hover, and a sign, where its figures are not to be judged by. */
export function stageCell({ title, problem, client }: StageMeasurement, small?: string): Markup {
  const doubt = problem ?? (client.clientBound === null ? null : `client-bound: ${client.clientBound}`);
  const sign =
    doubt === null
      ? null
      : html`${NO_BREAK}<span class="doubt" title="${doubt}" aria-label="${doubt}">⚠</span>`;
  const below = small === undefined ? null : html`<br /><span class="hint">${small}</span>`;
  return html`<strong>${title}</strong>${sign}${below}`;
}

/** A space that no line breaks at. */
const NO_BREAK = "\u00a0";

/** Where a chart is drawn; it takes its height from its drawing. `instead` is for readers without JavaScript. */
export function chartPlace(name: ChartName, instead: string): Markup {
  return html`<div class="chart" id="chart-${name}">
    <noscript>${instead}</noscript>
  </div>`;
}
