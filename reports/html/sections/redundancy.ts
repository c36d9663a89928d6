import { injectedTitle } from "../../../harness/model/plan.ts";
import type { Footnotes } from "../footnotes.ts";
import { html, type Markup } from "../markup.ts";
import { metricHint, section, table } from "../page-parts.ts";
import type { Run } from "../../run.ts";

/** How long the cluster was weaker than it should be, per fault. */
export function redundancy(run: Run, footnotes: Footnotes): Markup | null {
  const { faults } = run.measurements;
  const title = html`<span class="term" title="${metricHint("time-to-full-redundancy")}"
    >Time to full redundancy</span
  >`;
  if (faults.length === 0) return null;
  return section(
    "redundancy",
    "Time to full redundancy",
    html`<p>
      ${title}: until then a second fault meets a weaker cluster. It includes the time dpg-bench took to heal
      the node (restart, resume, reconnect).
    </p>`,
    table(
      [
        { title: injectedTitle(run.recording.plan) },
        { title: "n", number: true },
        ...["min", "median", "p95", "max"].map((name) => ({ title: name, number: true })),
      ],
      faults.map(({ fault, timeToFullRedundancySeconds: figures }) => [
        html`<strong>${fault}</strong>`,
        figures.n,
        ...[figures.min, figures.median, figures.p95, figures.max].map((figure) =>
          footnotes.figure(figure, "s"),
        ),
      ]),
    ),
  );
}
