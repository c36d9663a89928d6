import { type Comparison } from "../../../comparison.ts";
import { costOfSeconds, type CostRow } from "../../../cost-of-seconds.ts";
import type { Footnotes } from "../../footnotes.ts";
import { type Content, html, type Markup } from "../../markup.ts";
import { section, table } from "../../page-parts.ts";

const TITLES: Readonly<Record<CostRow["kind"], string>> = {
  bought: "Writes not served",
  paid: "Paid with",
  risked: "Lost, or in danger",
};

/** What each second that a topology saves costs; null: the runs are not of faults on several topologies. */
export function costs(comparison: Comparison, footnotes: Footnotes): Markup | null {
  const rows = costOfSeconds(comparison);
  if (rows === null) return null;
  return section(
    "costs",
    "What each second costs",
    html`<p>
      Seconds that are saved against the first side, and what they are paid with. They are a topology's own
      only where sides had the same faults and the same load on the same machine: what else differs is named
      under Differing conditions.
    </p>`,
    table(
      [
        { title: "" },
        { title: "Measured" },
        ...comparison.sides.map(({ name }) => ({ title: name, number: true })),
      ],
      rows.map((row, index): Content[] => [
        rows[index - 1]?.kind === row.kind ? "" : html`<strong>${TITLES[row.kind]}</strong>`,
        html`<span title="${row.how}">${row.title}</span><br /><span class="hint">${row.how}</span>`,
        ...row.cells.map(({ figure, format, saved }) =>
          figure.kind === "withheld"
            ? footnotes.figure(figure, "s")
            : html`${format(figure)}${saved === null ? null : html`<br /><span class="hint">${saved}</span>`}`,
        ),
      ]),
    ),
  );
}
