import type { StageMeasurement } from "../../../../harness/model/measurement.ts";
import { html, type Markup } from "../../markup.ts";

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
