import { PERCENTILES } from "./benchmark-data.ts";
import { html, type Markup } from "./markup.ts";

/** With several variants or runs each is a line, and one percentile is shown at a time. null: with one, all are shown. */
export function percentileChoice(groups: number): Markup | null {
  if (groups < 2) return null;
  const choices = PERCENTILES.map(
    (name) =>
      html`<label
        ><input type="radio" name="percentile" value="${name}" ${name === "p99" ? "checked" : null} />
        ${name}</label
      >`,
  );
  return html`<div class="controls" role="group" aria-label="percentile">Percentile: ${choices}</div>`;
}
