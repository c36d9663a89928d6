import type { Distribution, FaultSummary } from "../../../harness/model/measurement.ts";
import type { Run } from "../../run.ts";
import type { Footnotes } from "../footnotes.ts";
import { html, type Content, type Markup } from "../markup.ts";
import { metricHint } from "../metric-hint.ts";
import { section } from "../section.ts";
import { table } from "../table.ts";

/** Failover per fault: every injection a dot against target and prediction; the same as a table. */
export function distribution(run: Run, footnotes: Footnotes): Markup {
  const { faults } = run.measurements;
  if (faults.length === 0)
    return section("failover", "Failover per fault", html`<p>No fault was injected.</p>`);
  const rows = faults.flatMap((fault) => [
    [html`<strong>${fault.fault}</strong>`, "writes", ...cells(fault.writeUnavailabilitySeconds, footnotes)],
    [role(fault), "reads", ...cells(fault.readUnavailabilitySeconds, footnotes)],
  ]);
  const columns = [
    { title: "Fault" },
    { title: "Not served" },
    { title: "n", number: true },
    ...["min", "median", "p95", "max"].map((title) => ({ title, number: true })),
  ];
  return section(
    "failover",
    "Failover per fault",
    html`<p>
        How long writes and reads were not served, as a client feels it. ${terms()} The shaded boxes are what
        the configuration predicted for writes before anything was broken; a triangle means that only a lower
        bound is certain: it had not ended when the watching ended, or the client itself stood still for a
        part of it.
      </p>
      <div class="chart" id="chart-distribution" style="height: ${110 + faults.length * 62}px">
        <noscript>The chart needs JavaScript; the table below has the figures.</noscript>
      </div>`,
    table(columns, rows, "Seconds not served per injection; n is the number of injections."),
  );
}

/** A victim that is not said to be another was the primary. */
function role({ role }: FaultSummary): Content {
  return role === null || role === "primary" ? "" : html`<span class="hint">${role}</span>`;
}

function terms(): Content {
  return html`Meaning:
    <span class="term" title="${metricHint("write-unavailability")}">unavailability for writes</span>,
    <span class="term" title="${metricHint("read-unavailability")}">for reads</span>.`;
}

function cells(figures: Distribution, footnotes: Footnotes): Content[] {
  const { n, min, median, p95, max } = figures;
  return [n, ...[min, median, p95, max].map((figure) => footnotes.figure(figure, "s"))];
}
