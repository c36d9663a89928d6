import type { Comparison } from "../../../comparison.ts";
import { conditionsBySide } from "../../../differing-conditions.ts";
import { html, type Markup } from "../../markup.ts";
import { section } from "../../section.ts";
import { table } from "../../table.ts";

/** In what the runs differ, before any figure: a difference of figures may be a difference of these. */
export function conditions({ sides, compared }: Comparison): Markup {
  const list = conditionsBySide(sides.map(({ runs }) => runs));
  const { notComparable } = compared;
  const markup = section(
    "conditions",
    "In what they differ",
    notComparable.length === 0
      ? null
      : html`<p>
            <strong>The figures are of different things, and no difference is called better or worse:</strong>
          </p>
          <ul>
            ${notComparable.map((why) => html`<li>${why}</li>`)}
          </ul>`,
    list.length === 0
      ? html`<p>In nothing: plan, machine and versions are the same.</p>`
      : table(
          [{ title: "Condition" }, ...sides.map(({ name }) => ({ title: name }))],
          list.map(({ condition, values }) => [
            condition,
            ...values.map((value) => html`<span class="path">${value ?? "none"}</span>`),
          ]),
          "Every setting of the plan, version and property of the machine that is not the same on all sides.",
        ),
  );
  return notComparable.length === 0 ? markup : html`<div class="gaps-frame">${markup}</div>`;
}
