import { formatCount, formatMs, formatRate, formatValue } from "../../../harness/model/format-value.ts";
import { variantTitle } from "../../../harness/model/figure-names.ts";
import type { Figure, StageMeasurement } from "../../../harness/model/measurement.ts";
import { numberOf } from "../../../harness/stats/figures.ts";
import { ratioOfThroughput } from "../../ratios-of-variants.ts";
import type { Footnotes } from "../footnotes.ts";
import { type Content, html, type Markup } from "../markup.ts";
import { barCell, metricHint, section, table } from "../page-parts.ts";
import type { Run } from "../../run.ts";

/** The same stages on each cluster, side by side. null: there is only one. */
export function variants(run: Run, footnotes: Footnotes): Markup | null {
  if ((run.recording.plan.benchmark?.variants.length ?? 0) < 2) return null;
  const { stages, capacities } = run.measurements;
  const comparable = stages.filter(({ stage }) => stage.purpose !== "search");
  const names = [...new Set(comparable.map(({ stage }) => stage.name))];
  const rows = names.flatMap((name) => {
    const mine = comparable.filter(({ stage }) => stage.name === name);
    const most = Math.max(0, ...mine.map((one) => numberOf(one.throughputPerSecond) ?? 0));
    const first = mine[0];
    return mine.map((one, index) =>
      row(one, { name: index === 0 ? name : "", most, ratio: ratioOf(one, first) }, footnotes),
    );
  });
  return section(
    "variants",
    "Variants side by side",
    capacities.length < 2 ? null : ratios(run, footnotes),
    table(
      [
        { title: "Stage" },
        { title: "Variant" },
        { title: "Connections served", number: true },
        { title: "Answered per second", number: true },
        { title: "" },
        {
          title: "Ratio",
          number: true,
          hint: "Of a closed load: answered per second over what the first variant answered. An open load is sent at a rate that is given.",
        },
        { title: "p50, ms", number: true },
        { title: "p95, ms", number: true },
        { title: "p99, ms", number: true },
        { title: "Failed", number: true },
        { title: "Full" },
      ],
      rows,
      "Steps of the search have rates of their own: the chart of latency by load has them.",
    ),
  );
}

/** Every capacity as a ratio to the first one. */
function ratios({ measurements: { capacities, figures } }: Run, footnotes: Footnotes): Markup {
  const first = capacities[0]?.variant ?? "";
  return table(
    [
      { title: "Variant" },
      { title: "Capacity", number: true, hint: metricHint("capacity") },
      { title: `Ratio to ${first}`, number: true, hint: metricHint("speed-up") },
    ],
    capacities.map(({ variant, perSecond }, index) => {
      const ratio = figures.find(({ metric, of }) => metric === "speed-up" && of === variantTitle(variant));
      return [
        html`<strong>${variant}</strong>`,
        footnotes.quantity(perSecond, (rate) => `${formatRate(rate)}/s`),
        index === 0 || ratio === undefined ? "1" : footnotes.figure(ratio.figure, "ratio"),
      ];
    }),
  );
}

/** "—" where the load is open, or either was not measured. */
function ratioOf(one: StageMeasurement, first: StageMeasurement | undefined): string {
  if (one.stage.shape.kind !== "closed") return "—";
  const ratio = ratioOfThroughput(one, first);
  return ratio.kind === "value" ? formatValue(ratio.value, "ratio") : "—";
}

function row(
  one: StageMeasurement,
  { name, most, ratio }: { readonly name: string; readonly most: number; readonly ratio: string },
  footnotes: Footnotes,
): Content[] {
  const { stage, throughputPerSecond, operations, bottlenecks } = one;
  const latency = operations[0]?.latencyMs;
  const figure = (wanted: Figure | undefined): Content =>
    wanted === undefined ? "—" : footnotes.quantity(wanted, formatMs);
  return [
    name === "" ? "" : html`<strong>${name}</strong>`,
    stage.variant,
    html`${footnotes.quantity(one.connectionsServed, formatCount)} of ${formatCount(one.connectionsWanted)}`,
    footnotes.quantity(throughputPerSecond, formatRate),
    barCell((numberOf(throughputPerSecond) ?? 0) / Math.max(1e-9, most)),
    ratio,
    figure(latency?.p50),
    figure(latency?.p95),
    figure(latency?.p99),
    formatCount(operations[0]?.outcomes.failed ?? 0),
    bottlenecks === null ? "not watched" : (bottlenecks[0]?.resource ?? "nothing"),
  ];
}
