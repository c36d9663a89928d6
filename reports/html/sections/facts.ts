import type { PlannedBenchmark } from "../../../harness/model/benchmark.ts";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatFigure,
  formatNumber,
} from "../../../harness/model/format-value.ts";
import { kindOf } from "../../../harness/model/plan.ts";
import type { Recording } from "../../../harness/model/recording.ts";
import { arrivalsOfEngineInWords } from "../../../harness/model/resolve-arrivals.ts";
import { operationsRecorded } from "../../conclusion-sentences.ts";
import { describePhases } from "../../describe-plan.ts";
import { differing, flatten } from "../../differing-conditions.ts";
import { type Content, html, type Markup } from "../markup.ts";
import { metricHint, section, table } from "../page-parts.ts";
import { askedStatements } from "./workload.ts";
import { topologyDrawing } from "../topology-drawing.ts";
import { injectionsDone, type Run, runLengthUs } from "../../run.ts";

/** The question, why it is asked, of which cluster, with what, and what came of it in short. */
export function asked(run: Run): Markup {
  const { plan } = run.recording;
  const { benchmark } = plan;
  const facts = [...(benchmark === null ? [] : loadFacts(run, benchmark)), ...runFacts(run)];
  return section(
    "facts",
    "What was asked",
    html`<p><strong>${plan.scenario.question}</strong></p>
      <p>${plan.scenario.why}</p>
      <dl class="facts">
        ${facts.map(
          ([title, value]) =>
            html`<div>
              <dt>${title}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>`,
    benchmark === null ? null : askedStatements(run, benchmark),
    html`<h3>Topology ${plan.topology.name}</h3>
      ${plan.scenario.set === undefined && plan.overrides.length === 0 ? html`<p>${plan.topology.summary}</p>` : null}
      ${topologyDrawing(plan.topology, hitsOf(run))} ${benchmark === null ? null : differences(benchmark)}
      ${plan.scenario.set === undefined ? null : html`<p>Changed by the scenario: <code>${plan.scenario.set.join(" ")}</code></p>`}
      ${plan.overrides.length === 0 ? null : html`<p>Changed for this run: <code>${plan.overrides.join(" ")}</code></p>`}`,
  );
}

type Fact = readonly [title: Content, value: Content];

/** Everything that a figure of the load depends on. */
function loadFacts(run: Run, benchmark: PlannedBenchmark): Fact[] {
  const { recording } = run;
  const { client, parameters } = benchmark;
  const versions = [...new Set(recording.stages.map(({ engine }) => engine.version))];
  const named = Object.entries(parameters).map(([name, value]) => `${name} ${formatCount(value)}`);
  return [
    ["Workload", `${benchmark.workload}${named.length === 0 ? "" : `: ${named.join(", ")}`}`],
    ["Data", `about ${formatBytes(benchmark.dataBytes)} with indexes`],
    ["Memory to data", memoryToData(run, benchmark.dataBytes)],
    ["Engine", versions.length === 0 ? `${client.engine} (sent nothing)` : versions.join(", ")],
    [
      "Client",
      `${client.agents} ${client.agents === 1 ? "agent" : "agents"}, ${sessionsInWords(client.sessions)}, ${formatCount(client.connections)} connections to each entry in open stages`,
    ],
    [
      "Limits",
      `time-out ${formatCount(client.timeoutMs)} ms; in time means within ${formatCount(client.latencyLimitMs)} ms`,
    ],
    ["Method", methodInWords(benchmark)],
    ...arrivalsOfEngineInWords(benchmark).map((text): Fact => ["Arrivals", text]),
    ["Phases of a stage", phasesInWords(benchmark)],
  ];
}

function runFacts(run: Run): Fact[] {
  const { recording, measurements } = run;
  const { plan, environment } = recording;
  const { timing } = plan.advice;
  const lag = measurements.scheduleLagMs;
  const injections: Fact[] =
    plan.injections.length === 0
      ? []
      : [["Injections done", `${injectionsDone(recording)} of ${plan.injections.length}`]];
  const probes: Fact[] =
    plan.load === null
      ? []
      : [
          [
            html`<span class="term" title="${metricHint("schedule-lag-p99")}">Probe schedule lag p99</span>`,
            `${formatFigure(lag.p99, "ms")} (n ${formatCount(lag.n)})`,
          ],
        ];
  const patroni: Fact[] =
    timing === null
      ? []
      : [
          [
            "Patroni, in effect",
            `ttl ${timing.ttl} s, loop_wait ${timing.loopWait} s, retry_timeout ${timing.retryTimeout} s`,
          ],
        ];
  const versions = Object.entries(environment?.components ?? {}).map(
    ([name, version]) => `${name} ${version}`,
  );
  return [
    ...injections,
    ["Length of the recording", formatDuration(runLengthUs(recording))],
    ["Operations recorded", formatCount(operationsRecorded(run))],
    ...probes,
    ["Seed", plan.seed],
    ["Dialects", `sharding ${plan.topology.sharding}, vectors ${plan.topology.vectors}`],
    ...patroni,
    ["Versions", versions.join(", ") || "not known"],
  ];
}

/** In what the variants' clusters differ; the drawing is the first one's. */
function differences({ variants }: PlannedBenchmark): Markup | null {
  if (variants.length < 2) return null;
  const settings = variants.map(({ topology }) => {
    const { name: _name, summary: _summary, ...rest } = topology;
    const found = new Map<string, string>();
    flatten("", rest, found);
    return found;
  });
  return table(
    [{ title: "Setting" }, ...variants.map(({ name }) => ({ title: name }))],
    differing(settings).map(({ condition, values }) => [
      condition,
      ...values.map((value) => value ?? "none"),
    ]),
    "In what the variants differ; the drawing shows the first.",
  );
}

function sessionsInWords(sessions: PlannedBenchmark["client"]["sessions"]): string {
  switch (sessions) {
    case "own":
      return "each client its own session";
    case "pool":
      return "operations share a pool";
    case "each-operation":
      return "a new connection for every operation";
  }
}

function methodInWords({ method }: PlannedBenchmark): string {
  switch (method.kind) {
    case "fixed":
      return `${method.stages.length} fixed ${method.stages.length === 1 ? "stage" : "stages"}`;
    case "fractions-of-capacity":
      return `capacity by at most ${method.search.steps} steps, then ${method.percents.join(", ")} % of it`;
    case "highest-rate":
      return `capacity by at most ${method.search.steps} steps, then a second stage at that rate`;
  }
}

function phasesInWords({ method, phases }: PlannedBenchmark): string {
  if (method.kind === "fixed") return describePhases(phases);
  if (method.kind === "highest-rate") return describePhases(method.search.phases);
  const [search, others] = [describePhases(method.search.phases), describePhases(phases)];
  return search === others ? search : `search: ${search}; after it: ${others}`;
}

function memoryToData({ recording }: Run, dataBytes: number): string {
  const memory = memoryOf(recording);
  if (memory.bytes === null || dataBytes === 0) return "not known";
  const ratio = memory.bytes / dataBytes;
  return `${formatNumber(ratio)} to 1 (${memory.of}, ${formatBytes(memory.bytes)}; shared_buffers ${memory.sharedBuffers})`;
}

/** How often each node was hurt, which operations do not; a worker's node counts for its group, which is what the drawing shows. */
function hitsOf(run: Run): Map<string, number> {
  const hits = new Map<string, number>();
  const { plan } = run.recording;
  const operations = plan.injections.filter((each) => kindOf(each) === "operation");
  for (const { injection, nodes } of run.measurements.injections) {
    if (operations.some((each) => each.injection === injection)) continue;
    for (const name of new Set(nodes.map((node) => node.replace(/^(worker-\d+)[a-z]$/, "$1"))))
      hits.set(name, (hits.get(name) ?? 0) + 1);
  }
  return hits;
}

export interface MemoryForData {
  /** null: neither a limit nor the machine's memory is known. */
  readonly bytes: number | null;
  /** Whose memory it is. */
  readonly of: string;
  /** As PostgreSQL has it, or its default. */
  readonly sharedBuffers: string;
}

/** What a coordinator has for caching data: its container's limit, or the whole machine where it has none. */
export function memoryOf({ plan, environment }: Recording): MemoryForData {
  const limit = plan.topology.resources.coordinator.memoryMb;
  const sharedBuffers = String(plan.topology.postgres.parameters.shared_buffers ?? "128MB (default)");
  if (limit > 0) return { bytes: limit * MB, of: "limit of a coordinator", sharedBuffers };
  const machine = environment?.machine.memoryMb;
  return { bytes: machine === undefined ? null : machine * MB, of: "the whole machine", sharedBuffers };
}

const MB = 1024 * 1024;
