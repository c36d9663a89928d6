import { stepResult } from "../../../harness/model/capacity.ts";
import { figureInWords, formatMs, formatRate } from "../../../harness/model/format-value.ts";
import type { StageMeasurement } from "../../../harness/model/measurement.ts";
import type { Footnotes } from "../footnotes.ts";
import { type Content, html, type Markup } from "../markup.ts";
import { section, stageCell, table } from "../page-parts.ts";
import type { Run } from "../../run.ts";

/** How the capacity was looked for: each step, whether its rate was kept up, and why not. null: nothing was looked for. */
export function capacitySearch(run: Run, footnotes: Footnotes): Markup | null {
  const { benchmark } = run.recording.plan;
  if (benchmark === null || benchmark.method.kind === "fixed") return null;
  const { stages, capacities } = run.measurements;
  const limit = benchmark.client.latencyLimitMs;
  const steps = stages.filter(({ stage }) =>
    ["saturation", "search", "confirmation"].includes(stage.purpose),
  );
  return section(
    "search",
    "Capacity",
    capacities.map(
      ({ variant, perSecond, how }) =>
        html`<p class="capacity">
          ${variant === "" ? null : html`${variant}: `}${
            perSecond.kind === "withheld"
              ? null
              : html`<strong>${figureInWords(perSecond, formatRate)} operations per second</strong>. `
          }${how}
        </p>`,
    ),
    steps.length === 0
      ? html`<p>No step was measured.</p>`
      : table(
          [
            { title: "Step" },
            { title: "Offered", number: true },
            { title: "Answered", number: true },
            { title: "In time", number: true },
            { title: "p99, ms", number: true },
            { title: "Kept up?" },
          ],
          steps.map((step) => row(step, limit, footnotes)),
          `A rate is kept up when it was offered, its latency p99 is within ${limit} ms, and 99 % of what was due was answered in time. One that was not is tried again before it counts, since one stall may be why, unless it was beyond saturation and far from kept up. The capacity lies from the highest rate kept up to the lowest above it that was refused. Saturation is closed: it only says where to begin.`,
        ),
  );
}

function row(step: StageMeasurement, limit: number, footnotes: Footnotes): Content[] {
  const p99 = step.operations[0]?.latencyMs.p99;
  return [
    stageCell(step),
    footnotes.quantity(step.offeredPerSecond, formatRate),
    footnotes.quantity(step.throughputPerSecond, formatRate),
    footnotes.quantity(step.goodputPerSecond, formatRate),
    p99 === undefined ? "—" : footnotes.quantity(p99, formatMs),
    step.stage.purpose === "saturation" ? "the most that a closed load draws" : keptUp(step, limit),
  ];
}

function keptUp(step: StageMeasurement, limit: number): Markup {
  const result = stepResult(step, limit);
  switch (result.kind) {
    case "passed":
      return html`<span class="good">✓ yes</span>`;
    case "failed":
      return html`<span class="bad">✗ no:</span> ${result.why}`;
    case "not-measured":
      return html`<span class="doubt">? not measured:</span> ${result.why}`;
    case "client-bound":
      return html`<span class="doubt">? not decided, for the client:</span> ${result.why}`;
  }
}
