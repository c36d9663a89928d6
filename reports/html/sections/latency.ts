import type { LatencyMeasurement } from "../../../harness/model/measurement.ts";
import { formatCount } from "../../format-figure.ts";
import type { Run } from "../../run.ts";
import type { Footnotes } from "../footnotes.ts";
import { html, type Content, type Markup } from "../markup.ts";
import { metricHint } from "../metric-hint.ts";
import { section } from "../section.ts";
import { table } from "../table.ts";

/** Latency from the intended start beside service time, per stream, before, during and after the faults. */
export function latency(run: Run, footnotes: Footnotes): Markup {
  const list = run.measurements.latency;
  if (list.length === 0) return section("latency", "Latency", html`<p>No latency was measured.</p>`);
  const percentile = (
    title: string,
    hint: string | undefined,
  ): { title: string; number: true; hint: string | undefined } => ({
    title,
    number: true,
    hint,
  });
  return section(
    "latency",
    "Latency before, during and after the faults",
    html`<p>
      Latency counts from the moment an operation was due; service time from the moment it was sent. Only
      served operations are in the percentiles: what was failed or unknown stands beside them.
    </p>`,
    table(
      [
        { title: "Stream" },
        { title: "Part" },
        { title: "Served / failed / unknown", number: true },
        percentile("p50", metricHint("latency-p50")),
        percentile("p95", metricHint("latency-p95")),
        percentile("p99", metricHint("latency-p99")),
        percentile("max", undefined),
        percentile("service p50", metricHint("service-time-p50")),
        percentile("p95", metricHint("service-time-p95")),
        percentile("p99", metricHint("service-time-p99")),
        percentile("max", undefined),
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
    `${formatCount(outcomes.ok)} / ${formatCount(outcomes.failed)} / ${formatCount(outcomes.unknown)}`,
    ...figures.map((figure) => footnotes.figure(figure, "ms")),
  ];
}
