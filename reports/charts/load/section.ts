import { formatCount, formatMs, formatRate, formatShare } from "../../../harness/model/format-value.ts";
import type { Percentiles, StageMeasurement, StageOperation } from "../../../harness/model/measurement.ts";
import type { CodeCounts } from "../../../harness/model/stage.ts";
import { describeShape } from "../../describe-plan.ts";
import type { Footnotes } from "../../html/footnotes.ts";
import { type Content, html, type Markup } from "../../html/markup.ts";
import { chartPlace, type Column, metricHint, section, stageCell, table } from "../../html/page-parts.ts";
import type { Run } from "../../run.ts";
import { collectLoad, type LoadData, PERCENTILES } from "./data.ts";

/** Latency over the rate that was offered, for all stages: chart, figures, outcomes. */
export function latencyByLoad(run: Run, footnotes: Footnotes): Markup | null {
  const { stages } = run.measurements;
  if (stages.length === 0) return null;
  const chart = collectLoad(run);
  const several = stages.some(({ operations }) => operations.length > 2);
  return section(
    "load",
    "Latency by load",
    html`<p>
        Latency counts from the moment an operation was due, whether or not it could be sent then, and over
        all that were due: what failed, is unknown or was never sent ranks last, as at least the client's
        time-out (≥). Figures of the steady phases. ${closedLoads(run)} ${serviceTimesOnly(run)}
      </p>
      ${chart === null ? null : drawn(chart)}`,
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

function drawn(data: LoadData): Markup {
  return html`${percentileChoice(data)}
    <p class="hint">
      The dashed line is the highest rate that was kept up; the band beside it reaches to the lowest that was
      refused, and the capacity lies in it. Hollow marks are closed stages, at their throughput; an arrow up
      means that only a lower bound is known, and a cross that the stage's figures are in doubt.
    </p>
    ${chartPlace("load", "The chart needs JavaScript; the table below has the figures.")}`;
}

/** With several variants or runs each is a line, and one percentile is shown at a time. null: with one, all are shown. */
export function percentileChoice({ groups }: LoadData): Markup | null {
  if (groups.length < 2) return null;
  const choices = PERCENTILES.map(
    (name) =>
      html`<label
        ><input type="radio" name="percentile" value="${name}" ${name === "p99" ? "checked" : null} />
        ${name}</label
      >`,
  );
  return html`<div class="controls" role="group" aria-label="percentile">Percentile: ${choices}</div>`;
}
