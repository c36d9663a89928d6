import type { VerdictOutcome } from "../../harness/model/verdict.ts";
import { html, type Markup } from "./markup.ts";

const signs: Record<VerdictOutcome, string> = { pass: "✓", fail: "✗", unknown: "?" };

/** An outcome as sign, word and colour: never by colour alone. */
export function outcomeBadge(outcome: VerdictOutcome): Markup {
  return html`<span class="badge ${outcome}"
    ><span aria-hidden="true">${signs[outcome]}</span> ${outcome}</span
  >`;
}
