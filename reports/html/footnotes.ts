import type { Figure } from "../../harness/model/measurement.ts";
import { figureInWords, formatFigure } from "../../harness/model/format-value.ts";
import type { Unit } from "../../harness/model/metric.ts";
import { html, type Markup } from "./markup.ts";

/** Reasons why figures were withheld, numbered in the order in which the page first shows them. */
export class Footnotes {
  readonly #reasons: string[] = [];

  /** A figure as page text; one that was withheld is a dash with its reason on hover and as a footnote. */
  figure(figure: Figure, unit: Unit): Markup {
    switch (figure.kind) {
      case "value":
        return html`${formatFigure(figure, unit)}`;
      case "at-least":
        return html`<span title="Only a lower bound is known: it had not ended, or part of it was not seen."
          >${formatFigure(figure, unit)}</span
        >`;
      case "between":
        return html`<span title="It lies within these: part of it was not observed."
          >${formatFigure(figure, unit)}</span
        >`;
      case "withheld":
        return this.#withheld(figure.reason);
    }
  }

  /** A figure of a unit that no metric has, such as cores: `format` writes its number. */
  quantity(figure: Figure, format: (value: number) => string): Markup {
    return figure.kind === "withheld"
      ? this.#withheld(figure.reason)
      : html`${figureInWords(figure, format)}`;
  }

  list(): Markup | null {
    if (this.#reasons.length === 0) return null;
    const items = this.#reasons.map((reason, index) => html`<li id="withheld-${index + 1}">${reason}</li>`);
    return html`<h3 id="withheld">Figures withheld (shown as —)</h3>
      <ol class="notes">
        ${items}
      </ol>`;
  }

  #withheld(reason: string): Markup {
    const number = this.#numberOf(reason);
    return html`<span class="withheld" title="${reason}"
      >—<sup><a href="#withheld-${number}" aria-label="why: note ${number}">${number}</a></sup></span
    >`;
  }

  #numberOf(reason: string): number {
    const known = this.#reasons.indexOf(reason);
    return known >= 0 ? known + 1 : this.#reasons.push(reason);
  }
}
