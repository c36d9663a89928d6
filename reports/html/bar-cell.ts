import { html, type Markup } from "./markup.ts";

/** A share as a bar that needs no script; 1 is the whole width. */
export function barCell(share: number): Markup {
  const percent = Math.round(Math.max(0, Math.min(1, share)) * 100);
  return html`<span class="bar" aria-hidden="true"><span style="width: ${percent}%"></span></span>`;
}
