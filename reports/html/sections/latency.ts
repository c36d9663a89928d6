import { formatCount, formatShare } from "../../../harness/model/format-value.ts";
import type { LatencyMeasurement } from "../../../harness/model/measurement.ts";
import type { Footnotes } from "../footnotes.ts";
import { type Content, html, type Markup } from "../markup.ts";
import { metricHint, section, table } from "../page-parts.ts";
import type { Run } from "../../run.ts";

/** Latency from the intended start beside service time, per stream, before, during and after the faults. */
export function latency(run: Run, footnotes: Footnotes): Markup | null {
  const list = run.measurements.latency;
  if (list.length === 0) return null;
  return section(
    "latency",
    "Latency before, during and after the faults",
    html`<p>
      Latency counts from the moment an operation was due, over all that were due: what failed or is unknown
      was not served, and ranks last, as at least its time-out (≥). Service time counts from the moment it was
      sent, over those that were served, as far as so many were.
    </p>`,
    table(
      [
        { title: "Stream" },
        { title: "Part" },
        {
          title: "n",
          number: true,
          hint: "Operations that were due: what the latency's percentiles are made of.",
        },
        { title: "Failed, unknown", number: true, hint: "And their share of what was due." },
        { title: "Latency p50", number: true, hint: metricHint("latency-p50") },
        { title: "p95", number: true, hint: metricHint("latency-p95") },
        { title: "p99", number: true, hint: metricHint("latency-p99") },
        { title: "max", number: true },
        { title: "Service p50", number: true, hint: metricHint("service-time-p50") },
        { title: "p95", number: true, hint: metricHint("service-time-p95") },
        { title: "p99", number: true, hint: metricHint("service-time-p99") },
        { title: "max", number: true },
      ],
      list.map((one, index) => row(one, list[index - 1], footnotes)),
    ),
  );
}

function row(
  one: LatencyMeasurement,
  before: LatencyMeasurement | undefined,
  footnotes: Footnotes,
): Content[] {
  const { outcomes, latencyMs, serviceTimeMs } = one;
  const figures = [latencyMs, serviceTimeMs].flatMap(({ p50, p95, p99, max }) => [p50, p95, p99, max]);
  return [
    before?.stream === one.stream ? "" : html`<strong>${one.stream}</strong>`,
    one.part,
    formatCount(one.n),
    `${formatCount(outcomes.failed)}, ${formatCount(outcomes.unknown)}${shareInBrackets(outcomes)}`,
    ...figures.map((figure) => footnotes.figure(figure, "ms")),
  ];
}

function shareInBrackets(outcomes: LatencyMeasurement["outcomes"]): string {
  const notOk = outcomes.failed + outcomes.unknown;
  return notOk === 0 ? "" : ` (${formatShare(notOk, notOk + outcomes.ok)})`;
}
