import type { Run } from "../../run.ts";
import { html, type Markup } from "../markup.ts";
import { section } from "../section.ts";

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
