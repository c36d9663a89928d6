import type { Comparison } from "../../../comparison.ts";
import { html, type Markup } from "../../markup.ts";
import { section } from "../../section.ts";
import { table } from "../../table.ts";
import { formatUtilisation } from "../../../../harness/model/format-value.ts";

/** What was full in each run's stages of the same title. null: no two runs have a stage in common. */
export function fullResources({ runs }: Comparison): Markup | null {
  const titles = [
    ...new Set(runs.flatMap(({ measurements }) => measurements.stages.map(({ title }) => title))),
  ].filter(
    (title) =>
      runs.filter(({ measurements }) => measurements.stages.some((one) => one.title === title)).length > 1,
  );
  if (titles.length === 0) return null;
  return section(
    "full",
    "What was full",
    table(
      [{ title: "Stage" }, ...runs.map(({ name }) => ({ title: name }))],
      titles.map((title) => [
        html`<strong>${title}</strong>`,
        ...runs.map(({ measurements }) => {
          const stage = measurements.stages.find((one) => one.title === title);
          if (stage === undefined) return "—";
          if (stage.bottlenecks === null) return "not watched";
          const [first] = stage.bottlenecks;
          return first === undefined
            ? "nothing"
            : html`<span class="term" title="${first.evidence}">${first.resource}</span>
                (${formatUtilisation(first.utilisation)})`;
        }),
      ]),
      "The fullest resource of the steady phase.",
    ),
  );
}
