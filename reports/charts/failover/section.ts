import type { Distribution, FaultSummary } from "../../../harness/model/measurement.ts";
import { injectedTitle } from "../../../harness/model/plan.ts";
import type { Footnotes } from "../../html/footnotes.ts";
import { type Content, html, type Markup } from "../../html/markup.ts";
import { chartPlace, metricHint, section, table } from "../../html/page-parts.ts";
import type { Run } from "../../run.ts";

/** Failover per fault: every injection a dot against target and prediction; the same as a table. */
export function failover(run: Run, footnotes: Footnotes): Markup | null {
  const { faults } = run.measurements;
  if (faults.length === 0) return null;
  const rows = faults.flatMap((fault) => [
    [html`<strong>${fault.fault}</strong>`, "writes", ...cells(fault.writeUnavailabilitySeconds, footnotes)],
    [role(fault), "reads", ...cells(fault.readUnavailabilitySeconds, footnotes)],
  ]);
  const injected = injectedTitle(run.recording.plan);
  const columns = [
    { title: injected },
    { title: "Not served" },
    { title: "n", number: true },
    ...["min", "median", "p95", "max"].map((title) => ({ title, number: true })),
  ];
  return section(
    "failover",
    injected === "Operation" ? "Unavailability per operation" : `Failover per ${injected.toLowerCase()}`,
    html`<p>
        How long writes and reads were not served, as a client feels it. ${terms()} The shaded boxes are what
        the configuration predicted for writes before anything was broken; a triangle means that only a lower
        bound is certain: it had not ended when the watching ended, or the client itself stood still for a
        part of it.
      </p>
      ${chartPlace("failover", "The chart needs JavaScript; the table below has the figures.")}`,
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
