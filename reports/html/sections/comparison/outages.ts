import { kindTitle } from "../../../../harness/model/figure-names.ts";
import { injectedTitle } from "../../../../harness/model/plan.ts";
import type { Comparison } from "../../../comparison.ts";
import type { Footnotes } from "../../footnotes.ts";
import { html, type Markup } from "../../markup.ts";
import { metricHint, section, table } from "../../page-parts.ts";

/** Unavailability per fault or operation and victim's role as distributions, run beside run. null: none of the runs is of faults. */
export function outages({ runs }: Comparison, footnotes: Footnotes): Markup | null {
  const faults = [...new Set(runs.flatMap(({ measurements }) => measurements.faults.map(kindTitle)))];
  if (faults.length === 0) return null;
  const injected = injectedTitle({ injections: runs.flatMap(({ recording }) => recording.plan.injections) });
  const rows = faults.flatMap((fault) =>
    (["writes", "reads"] as const).flatMap((kind) =>
      runs.flatMap(({ name, measurements }, index) => {
        const summary = measurements.faults.find((one) => kindTitle(one) === fault);
        if (summary === undefined) return [];
        const { n, min, median, p95, max } =
          kind === "writes" ? summary.writeUnavailabilitySeconds : summary.readUnavailabilitySeconds;
        return [
          [
            index === 0 && kind === "writes" ? html`<strong>${fault}</strong>` : "",
            index === 0 ? kind : "",
            name,
            n,
            ...[min, median, p95, max].map((figure) => footnotes.figure(figure, "s")),
          ],
        ];
      }),
    ),
  );
  return section(
    "outages",
    `Unavailability per ${injected.toLowerCase()}`,
    html`<p>
      <span class="term" title="${metricHint("write-unavailability")}">How long writes were not served</span>,
      and <span class="term" title="${metricHint("read-unavailability")}">reads</span>; n is the number of
      injections.
    </p>`,
    table(
      [
        { title: injected },
        { title: "Not served" },
        { title: "Run" },
        ...["n", "min", "median", "p95", "max"].map((title) => ({ title, number: true })),
      ],
      rows,
    ),
  );
}
