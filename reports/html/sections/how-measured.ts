import type { PlannedBenchmark } from "../../../harness/model/benchmark.ts";
import {
  formatCount,
  formatFigure,
  formatUtilisation,
  formatValue,
} from "../../../harness/model/format-value.ts";
import type { LoadPlan } from "../../../harness/model/load.ts";
import { metrics } from "../../../harness/model/metric.ts";
import type { Footnotes } from "../footnotes.ts";
import { html, type Markup } from "../markup.ts";
import { section, table } from "../page-parts.ts";
import type { Run } from "../../run.ts";

/** How each number was measured: instruments and their errors, then the metric catalogue. Comes after every other figure, for its footnotes. */
export function howMeasured(run: Run, footnotes: Footnotes): Markup {
  return section(
    "method",
    "How each number was measured",
    html`<ul>
      ${instruments(run).map((line) => html`<li>${line}</li>`)}
    </ul>`,
    footnotes.list(),
    html`<details>
      <summary>Definitions of all ${Object.keys(metrics).length} metrics</summary>
      ${definitions()}
    </details>`,
  );
}

function definitions(): Markup {
  return table(
    [{ title: "Metric" }, { title: "Unit" }, { title: "Definition" }, { title: "It is not" }],
    Object.values(metrics).map((metric) => [metric.title, metric.unit, metric.definition, metric.isNot]),
  );
}

function instruments(run: Run): string[] {
  const { plan, environment } = run.recording;
  const { load, benchmark } = plan;
  return [
    ...(load === null ? [] : probesAndStreams(run, load)),
    ...(benchmark === null ? [] : benchmarkInstruments(benchmark)),
    ...(environment?.observers ?? []).map((line) => `Observer: ${line}.`),
    ...(environment?.clockOffsets ?? []).map(
      ({ process, offsetUs, uncertaintyUs }) =>
        `Clock of ${process} against the harness: ${offsetUs} µs ± ${uncertaintyUs} µs.`,
    ),
  ];
}

function probesAndStreams(run: Run, { writeProbe, readProbe, shardProbes }: LoadPlan): string[] {
  const { streams } = run.recording.plan;
  const lag = run.measurements.scheduleLagMs;
  return [
    `Write probe ${writeProbe.ratePerSecond} per second, read probe ${readProbe.ratePerSecond} per second, open schedule: operations are due whether or not earlier ones were answered. Unavailability is right to one probe interval (${formatValue(1000 / writeProbe.ratePerSecond, "ms")}).`,
    ...(shardProbes == null
      ? []
      : [
          `Shards of each worker group: ${shardProbes.ratePerSecond} writes and as many reads per second of their own, through the same entries. Of a fault on workers, unavailability is that of the group's own probes; what does not need the group is told apart. Right to ${formatValue(1000 / shardProbes.ratePerSecond, "ms")}.`,
        ]),
    `An operation that was not answered within ${writeProbe.timeoutMs} ms was not served. A success lasts when no probe is unserved for the next second.`,
    "Where the client itself did not look, because its probes were sent late or never, figures lie between what was seen to go unserved and what was not seen to be served.",
    `Streams: ${streams.map(({ name, ratePerSecond, kind }) => `${name} (${kind}, ${ratePerSecond}/s)`).join(", ") || "none"}.`,
    ...streams.flatMap(({ name, ledgerTable }) =>
      ledgerTable === null
        ? []
        : [
            `Each write of ${name} inserts its own number into ${ledgerTable}; after every injection the table is read back through the read-write entry, and every number that was acknowledged before must be there.`,
          ],
    ),
    `The schedule's own error: lag p50 ${formatFigure(lag.p50, "ms")}, p99 ${formatFigure(lag.p99, "ms")}, max ${formatFigure(lag.max, "ms")}, n ${formatCount(lag.n)}. ${agentLoad(run)}`,
  ];
}

function benchmarkInstruments({ client, variants }: PlannedBenchmark): string[] {
  return [
    "The load is sent from a container inside the cluster's network, by the way that clients take.",
    "Open stages: operations are due by a seeded schedule, whether or not earlier ones were answered, and latency counts from the moment they were due. Closed stages: a client's next operation begins when its last was answered, so waiting is not seen; they say how much can be drawn, not how long users wait.",
    `An operation that was not answered within ${formatCount(client.timeoutMs)} ms of its intended start has failed, or is unknown where it may have taken effect. Only the steady phase of a stage counts.`,
    "Histograms are HdrHistograms with three significant digits, one per second, agent and operation; merging them adds their buckets and loses nothing. p50 needs 10 operations, p95 100, p99 1,000, p99.9 10,000.",
    "The client is taken for the limit when the thread that sends uses 0.9 of a core or more. What it can have spoilt is then not judged: a latency that was kept stands, one that was missed does not, and a rate is at least what was reached.",
    "A latency that was missed is not decided where it would have been kept from the moment at which the client noticed that each operation was due: what lies before is the client's own lateness, and so is the time in which it stood still meanwhile. A closed load begins nothing meanwhile: its rate lies between what was seen and what it was over the rest of the time. Where the recording does not tell it, a bound that holds whichever operations were late is used.",
    ...(variants.length > 1
      ? [
          "Each variant ran on a cluster of its own, brought up anew, one after the other on the same machine.",
        ]
      : []),
  ];
}

function agentLoad(run: Run): string {
  const health = run.recording.events.filter((event) => event.kind === "agent-health");
  if (health.length === 0) return "The agent did not report its own load.";
  const share = health.reduce((most, { cpuShare }) => Math.max(most, cpuShare), 0);
  const neverSent = health.reduce((sum, event) => sum + event.neverSent, 0);
  return `The agent used at most ${formatUtilisation(share)} of one core in any second; ${formatCount(neverSent)} operations were never sent.`;
}
