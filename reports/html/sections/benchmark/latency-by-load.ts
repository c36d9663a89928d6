import type { Percentiles, StageMeasurement, StageOperation } from "../../../../harness/model/measurement.ts";
import type { CodeCounts } from "../../../../harness/model/stage.ts";
import { describeShape } from "../../../describe-shape.ts";
import { formatCount, formatMs, formatRate, formatShare } from "../../../../harness/model/format-value.ts";
import type { Run } from "../../../run.ts";
import type { Footnotes } from "../../footnotes.ts";
import { html, type Content, type Markup } from "../../markup.ts";
import { metricHint } from "../../metric-hint.ts";
import { percentileChoice } from "../../percentile-choice.ts";
import { section } from "../../section.ts";
import { table, type Column } from "../../table.ts";
import { stageCell } from "./stage-cell.ts";

/** Latency over the rate that was offered, for all stages: chart, figures, outcomes. */
export function latencyByLoad(run: Run, footnotes: Footnotes): Markup {
  const { stages } = run.measurements;
  if (stages.length === 0) return section("load", "Latency by load", html`<p>No stage was measured.</p>`);
  const several = stages.some(({ operations }) => operations.length > 2);
  const groups = run.recording.plan.benchmark?.variants.length ?? 1;
  return section(
    "load",
    "Latency by load",
    html`<p>
        Latency counts from the moment an operation was due, whether or not it could be sent then, and over
        all that were due: what failed, is unknown or was never sent ranks last, as at least the client's
        time-out (≥). Figures of the steady phases. ${closedLoads(run)} ${serviceTimesOnly(run)}
      </p>
      ${stages.some(({ stage }) => stage.shape.kind === "open") ? chart(groups) : null}`,
    table(
      LATENCY_COLUMNS,
      stages.map((one) => latencyRow(one, footnotes)),
      "Rates per second, times in milliseconds. All operations together.",
    ),
    html`<h3>What became of the operations</h3>`,
    table(
      OUTCOME_COLUMNS,
      stages.map((one) => outcomeRow(one, one.operations[0])),
    ),
    several ? perOperation(stages, footnotes) : null,
  );
}

/** What is the intended start where there is no schedule. */
function closedLoads({ measurements }: Run): string | null {
  return measurements.stages.some(({ stage }) => stage.shape.kind === "closed")
    ? "Clients that wait for their answers (a closed load) are due again when they have the answer, or a think time later."
    : null;
}

/** What k6 times begins when it sends. */
function serviceTimesOnly({ recording }: Run): string | null {
  return recording.plan.benchmark?.client.engine === "k6"
    ? "The engine k6 knows no intended start: what stands here as its latency is service time."
    : null;
}

/** A closed load has no rate to draw latency over. */
function chart(groups: number): Markup {
  return html`${percentileChoice(groups)}
    <p class="hint">
      The dashed line is the highest rate that was kept up; the band beside it reaches to the lowest that was
      refused, and the capacity lies in it. Hollow marks are closed stages, at their throughput; a cross marks
      a stage whose figures are in doubt.
    </p>
    <div class="chart" id="chart-load" style="height: 400px">
      <noscript>The chart needs JavaScript; the table below has the figures.</noscript>
    </div>`;
}

const ms = (title: string, hint?: string): Column => ({ title, number: true, hint });

const LATENCY_COLUMNS: readonly Column[] = [
  { title: "Stage" },
  {
    title: "Offered",
    number: true,
    hint: "Due per second by the schedule; for closed shapes what was sent.",
  },
  { title: "Answered", number: true, hint: "Operations per second that ended ok." },
  {
    title: "In time",
    number: true,
    hint: "Goodput: operations per second that ended ok within the stated limit of their intended start.",
  },
  { title: "n", number: true, hint: "Operations that were due: what the percentiles are made of." },
  {
    title: "Not ok",
    number: true,
    hint: "The share of n that failed, is unknown or was never sent. A percentile that falls on it is at least the client's time-out.",
  },
  ms("p50", metricHint("latency-p50")),
  ms("p95", metricHint("latency-p95")),
  ms("p99", metricHint("latency-p99")),
  ms("p99.9", "As p99; needs 10,000 samples."),
  ms("max"),
  ms("service p99", metricHint("service-time-p99")),
  ms("lag p99", "Actual minus intended start. Waiting for a free connection is in it."),
];

function latencyRow(one: StageMeasurement, footnotes: Footnotes): Content[] {
  const [all] = one.operations;
  return [
    stageCell(one, describeShape(one.stage.shape).replace(/^(open, \w+), [\d.,]+\/s$/, "$1")),
    footnotes.quantity(one.offeredPerSecond, formatRate),
    footnotes.quantity(one.throughputPerSecond, formatRate),
    footnotes.quantity(one.goodputPerSecond, formatRate),
    ...(all === undefined ? [] : percentileCells(all, footnotes)),
  ];
}

function percentileCells(
  { outcomes, latencyMs, serviceTimeMs, lagMs }: StageOperation,
  footnotes: Footnotes,
): Content[] {
  const list: (keyof Omit<Percentiles, "n">)[] = ["p50", "p95", "p99", "p999", "max"];
  const figures = [...list.map((name) => latencyMs[name]), serviceTimeMs.p99, lagMs.p99];
  return [
    formatCount(latencyMs.n),
    formatShare(outcomes.failed + outcomes.unknown, outcomes.ok + outcomes.failed + outcomes.unknown),
    ...figures.map((figure) => footnotes.quantity(figure, formatMs)),
  ];
}

const OUTCOME_COLUMNS: readonly Column[] = [
  { title: "Stage" },
  { title: "Ok", number: true },
  {
    title: "Failed, by SQLSTATE",
    hint: "Certainly did not take effect. Client codes are words, such as CLIENT_TIMEOUT.",
  },
  { title: "Unknown", hint: "Nobody told the client: it may or may not have taken effect." },
  {
    title: "Retried",
    hint: "Attempts that were made again by the workload's policy, by the code that caused it.",
  },
  {
    title: "Never sent",
    number: true,
    hint: "Due, but not sent: the bound on what may be in flight was reached, or no time was left. Part of failed too.",
  },
  {
    title: "Late",
    number: true,
    hint: "Sent more than 1 ms after they were due because the client itself was late.",
  },
];

function outcomeRow(one: StageMeasurement, operation: StageOperation | undefined): Content[] {
  if (operation === undefined) return [one.title];
  return [
    stageCell(one),
    formatCount(operation.outcomes.ok),
    codes(operation.failed, operation.outcomes.failed),
    codes(operation.unknown, operation.outcomes.unknown),
    codes(operation.retried, 0),
    formatCount(operation.neverSent),
    formatCount(operation.late),
  ];
}

function codes(counts: CodeCounts, total: number): string {
  const list = Object.entries(counts).filter(([, count]) => count > 0);
  if (list.length === 0) return formatCount(total);
  return list
    .toSorted(([, a], [, b]) => b - a)
    .map(([code, count]) => `${code} ${formatCount(count)}`)
    .join(", ");
}

function perOperation(stages: readonly StageMeasurement[], footnotes: Footnotes): Markup {
  const rows = stages.flatMap((one) =>
    one.operations
      .slice(1)
      .map((operation, index) => [
        index === 0 ? stageCell(one) : "",
        operation.operation,
        ...percentileCells(operation, footnotes),
        codes(operation.failed, operation.outcomes.failed),
        codes(operation.unknown, operation.outcomes.unknown),
        codes(operation.retried, 0),
      ]),
  );
  return html`<details>
    <summary>Each kind of operation by itself</summary>
    ${table([{ title: "Stage" }, { title: "Operation" }, ...LATENCY_COLUMNS.slice(4), { title: "Failed" }, { title: "Unknown" }, { title: "Retried" }], rows, "Times in milliseconds.")}
  </details>`;
}
