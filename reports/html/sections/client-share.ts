import {
  formatCores,
  formatCount,
  formatMs,
  formatNumber,
  formatRate,
} from "../../../harness/model/format-value.ts";
import type { StageMeasurement } from "../../../harness/model/measurement.ts";
import type { RecordedStage } from "../../../harness/model/stage.ts";
import { clientInOneLine } from "../../conclusion-sentences.ts";
import type { Footnotes } from "../footnotes.ts";
import { type Content, html, type Markup } from "../markup.ts";
import { section, stageCell, table } from "../page-parts.ts";
import type { Run } from "../../run.ts";

/** Whether the client was fit to measure what it measured, and up to which rate it would have been. */
export function clientShare(run: Run, footnotes: Footnotes): Markup | null {
  const { stages } = run.measurements;
  if (stages.length === 0) return null;
  const notes = stages.flatMap(({ title, client: { clientBound, stoodStill } }) => [
    ...(clientBound === null ? [] : [{ title, says: clientBound }]),
    ...(stoodStill === null ? [] : [{ title, says: `The client itself ${stoodStill}.` }]),
  ]);
  return section(
    "client",
    "The client's own share",
    html`<p>${headline(stages)} ${engines(run.recording.stages)}</p>`,
    notes.length === 0
      ? null
      : html`<ul>
          ${notes.map(({ title, says }) => html`<li><strong>${title}</strong>: ${says}</li>`)}
        </ul>`,
    stages.length === 0
      ? null
      : table(
          [
            { title: "Stage" },
            { title: "CPU, cores", number: true, hint: "Mean of the steady phase, all agents together." },
            { title: "busiest agent", number: true, hint: "The most that one agent used in one second." },
            {
              title: "sending thread",
              number: true,
              hint: "Mean of the busiest thread that sends, which has one core at most (of k6, which sends with all its threads, the process): from 0.9 on the client is the limit.",
            },
            {
              title: "Lateness p99, ms",
              number: true,
              hint: "How late the sender looked at its schedule. It is part of every latency from the intended start: a promise kept is kept all the same, and one that would have been kept without it is not decided.",
            },
            { title: "Memory, MB", number: true },
            { title: "CPU per operation, µs", number: true },
            {
              title: "Connections served",
              number: true,
              hint: "Clients or connections that were served at least once in the steady phase, of those wanted.",
            },
            {
              title: "Fine up to, op/s",
              number: true,
              hint: "The rate at which the client would use 70 % of what makes it the limit.",
            },
            { title: "The limit?" },
          ],
          stages.map((one) => row(one, footnotes)),
        ),
    agentTable(run.recording.stages),
  );
}

function headline(stages: readonly StageMeasurement[]): string {
  const client = clientInOneLine(stages);
  if (client === null) return "No stage was measured.";
  const full = stages.some(({ client: { clientBound } }) => clientBound !== null);
  const meaning = full
    ? " Where it was the limit, latencies that were kept and rates that were reached stand; what was missed may be the client's and is not decided."
    : "";
  return `${client.charAt(0).toUpperCase()}${client.slice(1)}.${meaning}`;
}

function row(one: StageMeasurement, footnotes: Footnotes): Content[] {
  const { client } = one;
  return [
    stageCell(one),
    footnotes.quantity(client.cpuCores, formatCores),
    footnotes.quantity(client.busiestAgentCores, formatCores),
    footnotes.quantity(client.busiestSenderCores, formatCores),
    footnotes.quantity(client.latenessP99Ms, formatMs),
    footnotes.quantity(client.memoryMb, formatNumber),
    footnotes.quantity(client.cpuPerOperationUs, formatNumber),
    html`${footnotes.quantity(one.connectionsServed, formatCount)} of ${formatCount(one.connectionsWanted)}`,
    footnotes.quantity(client.fineUpToPerSecond, formatRate),
    client.clientBound !== null
      ? html`<span class="doubt">yes</span>`
      : client.clientLate === null
        ? "no"
        : html`<span class="doubt">late</span>`,
  ];
}

function engines(stages: readonly RecordedStage[]): string {
  const versions = [...new Set(stages.map(({ engine }) => engine.version))];
  return versions
    .map((version) => {
      const mine = stages.map(({ engine }) => engine).filter((engine) => engine.version === version);
      const costs = mine.flatMap(({ ownCostUs }) => (ownCostUs === null ? [] : [ownCostUs]));
      const cost =
        costs.length === 0
          ? "its own cost was not measured"
          : `its own cost ${fromTo(costs, formatNumber)} µs per operation, measured against a stub`;
      const steps = mine.map(({ timerResolutionNs }) => timerResolutionNs);
      const timers = [...new Set(mine.map(({ timer }) => timer))].join(", ");
      return `Engine ${version}: ${cost}; timer ${timers}, smallest step seen ${fromTo(steps, formatCount)} ns.`;
    })
    .join(" ");
}

function fromTo(values: readonly number[], format: (value: number) => string): string {
  const [least, most] = [format(Math.min(...values)), format(Math.max(...values))];
  return least === most ? least : `${least} to ${most}`;
}

/** Where there are several agents: the CPU of each. */
function agentTable(stages: readonly RecordedStage[]): Markup | null {
  const agents = [...new Set(stages.flatMap(({ seconds }) => seconds.map(({ client }) => client.agent)))];
  if (agents.length < 2) return null;
  const sorted = agents.toSorted((a, b) => a - b);
  return html`<details>
    <summary>CPU of each agent</summary>
    ${table(
      [{ title: "Stage" }, ...sorted.map((agent) => ({ title: `agent ${agent}`, number: true }))],
      stages.map(({ stage, seconds }) => [
        stage.name,
        ...sorted.map((agent) => {
          const mine = seconds.filter((one) => one.client.agent === agent && one.phase === "steady");
          const sum = mine.reduce((all, { client }) => all + client.cpuCores, 0);
          return mine.length === 0 ? "—" : formatCores(sum / mine.length);
        }),
      ]),
      "Mean cores in the steady phase.",
    )}
  </details>`;
}
