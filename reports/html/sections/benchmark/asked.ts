import type { PlannedBenchmark } from "../../../../harness/model/benchmark.ts";
import { describePhases } from "../../../describe-shape.ts";
import { differing, flatten } from "../../../differing.ts";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
} from "../../../../harness/model/format-value.ts";
import { memoryOf } from "../../../memory-of.ts";
import type { Run } from "../../../run.ts";
import { runLengthUs } from "../../../run-length.ts";
import { html, type Content, type Markup } from "../../markup.ts";
import { table } from "../../table.ts";
import { section } from "../../section.ts";
import { topologyDrawing } from "../../topology-drawing.ts";
import { askedStatements } from "./asked-statements.ts";

/** What was asked of which cluster: workload, data, client, stages. Everything that a figure depends on. */
export function asked(run: Run, benchmark: PlannedBenchmark): Markup {
  const { plan } = run.recording;
  return section(
    "facts",
    "What was asked",
    html`<p><strong>${plan.scenario.question}</strong></p>
      <p>${plan.scenario.why}</p>
      <dl class="facts">
        ${facts(run, benchmark).map(
          ([title, value]) =>
            html`<div>
              <dt>${title}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>`,
    askedStatements(run, benchmark),
    html`<h3>Topology ${plan.topology.name}</h3>
      <p>${plan.topology.summary}</p>
      ${topologyDrawing(plan.topology, new Map())} ${differences(benchmark)}
      ${plan.overrides.length === 0 ? null : html`<p>Changed for this run: <code>${plan.overrides.join(" ")}</code></p>`}`,
  );
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

function facts(run: Run, benchmark: PlannedBenchmark): [Content, Content][] {
  const { recording } = run;
  const { plan } = recording;
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
    ["Pacing", client.engine === "native" ? client.pacing : `${client.engine}'s own`],
    [
      "Limits",
      `time-out ${formatCount(client.timeoutMs)} ms; in time means within ${formatCount(client.latencyLimitMs)} ms`,
    ],
    ["Method", methodInWords(benchmark)],
    ["Phases of a stage", phasesInWords(benchmark)],
    ["Seed", plan.seed],
    ["Length of the recording", formatDuration(runLengthUs(recording))],
    ["Dialects", `sharding ${plan.topology.sharding}, vectors ${plan.topology.vectors}`],
  ];
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
