import { formatMoment } from "../../format-moment.ts";
import type { Run } from "../../run.ts";
import type { Footnotes } from "../footnotes.ts";
import { html, type Markup } from "../markup.ts";
import { metricHint } from "../metric-hint.ts";
import { section } from "../section.ts";
import { table } from "../table.ts";

/** Every injection with its figures and the way to its stretch of the time line. */
export function injections(run: Run, footnotes: Footnotes): Markup {
  const list = run.measurements.injections;
  if (list.length === 0) return section("injections", "Injections", html`<p>No fault was injected.</p>`);
  const rows = list.map((one) => [
    one.injection,
    html`<strong>${one.fault}</strong>`,
    html`<span class="node-name">${one.victim}</span><br /><span class="hint node-name"
        >→ ${one.newPrimary ?? "none seen"}</span
      >`,
    html`<a
      class="go"
      href="#timeline"
      data-from="${(one.faultAtUs / 1e6 - 3).toFixed(1)}"
      data-to="${(one.windowEndUs / 1e6).toFixed(1)}"
      >${formatMoment(one.faultAtUs)}</a
    >`,
    one.loopPhase === null ? "—" : one.loopPhase.toFixed(2),
    footnotes.figure(one.writeUnavailabilitySeconds, "s"),
    footnotes.figure(one.readUnavailabilitySeconds, "s"),
    footnotes.figure(one.timeToFullRedundancySeconds, "s"),
    footnotes.figure(one.lostWrites, "rows"),
    footnotes.figure(one.twoPrimariesMs, "ms"),
    html`${one.operationsFailed} / ${one.operationsUnknown} / ${one.operationsLate}`,
  ]);
  return section(
    "injections",
    "Injections",
    table(
      [
        { title: "#", number: true },
        { title: "Fault" },
        { title: "Victim → new primary" },
        {
          title: "At",
          number: true,
          hint: "When the fault was done, on the recording's clock; the link shows its stretch of the time line.",
        },
        {
          title: "Loop phase",
          number: true,
          hint: "Where in Patroni's loop the fault began, 0 to 1 of loop_wait.",
        },
        { title: "Writes not served", number: true, hint: metricHint("write-unavailability") },
        { title: "Reads not served", number: true, hint: metricHint("read-unavailability") },
        { title: "Full redundancy", number: true, hint: metricHint("time-to-full-redundancy") },
        { title: "Lost", number: true, hint: metricHint("lost-writes") },
        { title: "Two primaries", number: true, hint: metricHint("two-primaries") },
        { title: "Failed / unknown / late", number: true, hint: metricHint("operations-unknown") },
      ],
      rows,
    ),
  );
}
