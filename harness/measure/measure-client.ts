import type { LoadShape } from "../model/benchmark.ts";
import { formatCores, formatValue } from "../model/format-value.ts";
import type { ClientMeasurement, Figure, StageOperation } from "../model/measurement.ts";
import type { ClientSecond, StageSecond } from "../model/stage.ts";
import { mostOf } from "../stats/extremes.ts";
import { latenessP99Ms } from "./lateness.ts";
import { sentOf } from "./measure-operations.ts";

/** From here on a sender, which has one core, has no room for bursts, and its own queue shows in what it measures. */
const fullCpuCores = 0.9;
/** Up to here it keeps its schedule. */
const fineCpuCores = 0.7;
/** Lateness that is too much: this, or a tenth of the median latency where that is more. Milliseconds. */
const tooLateMs = 1;

/** What the client stood still for less than this share of a steady phase moves no figure so that anyone sees it. */
const shownStall = 0.01;

/** The steady phase of a stage, as far as the client's share depends on it. */
export interface ClientStory {
  readonly shape: LoadShape;
  readonly seconds: readonly StageSecond[];
  readonly all: StageOperation;
  /** Operations sent per second. */
  readonly sentPerSecond: number;
}

/** The client's own share, and whether it was the limit itself. */
export function measureClient(story: ClientStory): ClientMeasurement {
  const { seconds, all } = story;
  if (seconds.length === 0) return nothingKnown;
  const agents = usageByAgent(seconds);
  const busiest = agents.reduce((most, each) => (each.sender.cores > most.sender.cores ? each : most)).sender;
  const stoodStill = longestStoodStill(seconds);
  const lateness = latenessP99Ms(seconds, all);
  const clientBound = whyClientBound(agents);
  const sent = sentOf(all);
  const cpuSeconds = agents.reduce((sum, each) => sum + each.cpuSeconds, 0);
  return {
    agents: agents.length,
    cpuCores: value(agents.reduce((sum, { meanCores }) => sum + meanCores, 0)),
    busiestAgentCores: value(mostOf(seconds, ({ client }) => client.cpuCores)),
    busiestSenderCores: value(busiest.cores),
    latenessP99Ms: lateness,
    memoryMb: value(agents.reduce((sum, { memoryMb }) => sum + memoryMb, 0)),
    cpuPerOperationUs: sent === 0 ? withheld("no operation was sent") : value((cpuSeconds * 1e6) / sent),
    clientBound,
    clientLate: clientBound === null ? howLate(story, lateness) : null,
    stoodStillSeconds: stoodStill,
    stoodStill: saidStoodStill(
      stoodStill,
      mostOf(agents, ({ seconds: length }) => length),
    ),
    fineUpToPerSecond: fineUpTo(story, busiest.cores),
  };
}

const nothingKnown: ClientMeasurement = {
  agents: 0,
  cpuCores: withheld("no second was recorded"),
  busiestAgentCores: withheld("no second was recorded"),
  busiestSenderCores: withheld("no second was recorded"),
  latenessP99Ms: withheld("no second was recorded"),
  memoryMb: withheld("no second was recorded"),
  cpuPerOperationUs: withheld("no second was recorded"),
  clientBound: null,
  clientLate: null,
  stoodStillSeconds: withheld("no second was recorded"),
  stoodStill: null,
  fineUpToPerSecond: withheld("no second was recorded"),
};

interface AgentUsage {
  readonly seconds: number;
  readonly meanCores: number;
  readonly sender: SenderUsage;
  readonly cpuSeconds: number;
  /** The most it had. */
  readonly memoryMb: number;
}

interface SenderUsage {
  /** What of the agent was measured: its sending thread, or all of its threads where that was not told. */
  readonly of: "thread" | "agent";
  /** Mean. */
  readonly cores: number;
  /** Mean over the time in which it did not stand still: what it had to do then. */
  readonly actingCores: number;
}

function usageByAgent(seconds: readonly StageSecond[]): AgentUsage[] {
  const agents = [...new Set(seconds.map(({ client }) => client.agent))];
  return agents.map((agent) => {
    const own = seconds.filter(({ client }) => client.agent === agent);
    const sum = (cores: (client: ClientSecond) => number): number =>
      own.reduce((total, second) => total + cores(second.client) * lasted(second), 0);
    const cpuSeconds = sum(({ cpuCores }) => cpuCores);
    const length = own.reduce((total, second) => total + lasted(second), 0);
    const mean = (total: number): number => (length === 0 ? 0 : total / length);
    const actedFor = length - stoodStillOf(own);
    const acting = (total: number): number => (actedFor <= 0 ? mean(total) : total / actedFor);
    const told = own.every(({ client }) => client.senderCores !== undefined);
    const senders = told ? sum(({ senderCores = 0 }) => senderCores) : cpuSeconds;
    return {
      seconds: length,
      cpuSeconds,
      meanCores: mean(cpuSeconds),
      sender: { of: told ? "thread" : "agent", cores: mean(senders), actingCores: acting(senders) },
      memoryMb: mostOf(own, ({ client }) => client.memoryMb),
    };
  });
}

/** Whether the client itself was the limit: decided here alone. */
function whyClientBound(agents: readonly AgentUsage[]): string | null {
  const { of, cores, actingCores } = agents.reduce((most, each) =>
    each.sender.actingCores > most.sender.actingCores ? each : most,
  ).sender;
  if (actingCores < fullCpuCores) return null;
  const who = of === "thread" ? "a sending thread" : "an agent";
  const when = formatCores(actingCores) === formatCores(cores) ? "" : " while it did not stand still";
  return `${who} used ${formatCores(actingCores)} of a core${when} (from ${fullCpuCores} on it is full)`;
}

/** Of the agent that stood still longest. */
function longestStoodStill(seconds: readonly StageSecond[]): Figure {
  if (seconds.some(({ client }) => client.stoodStillUs === undefined))
    return withheld("the engine does not tell");
  const agents = [...new Set(seconds.map(({ client }) => client.agent))];
  return value(
    mostOf(agents, (agent) => stoodStillOf(seconds.filter(({ client }) => client.agent === agent))),
  );
}

/** Seconds, of one agent. */
function stoodStillOf(seconds: readonly StageSecond[]): number {
  return seconds.reduce((sum, { client }) => sum + (client.stoodStillUs ?? 0), 0) / 1e6;
}

function saidStoodStill(stoodStill: Figure, steadySeconds: number): string | null {
  if (stoodStill.kind !== "value" || stoodStill.value < shownStall * steadySeconds) return null;
  return `stood still for ${formatValue(stoodStill.value, "s")} of the steady phase`;
}

/**
 * The next operation of a client without a think time is due when it has its answer, and then it is sent: nothing can be
 * late. One with a think time is due so long after the answer, whenever the client looks.
 */
function howLate({ shape, all }: ClientStory, lateness: Figure): string | null {
  const { p50 } = all.latencyMs;
  const limitMs = Math.max(tooLateMs, p50.kind === "value" ? p50.value / 10 : 0);
  if (hasNoSchedule(shape) || lateness.kind !== "value" || lateness.value <= limitMs) return null;
  return `it looked at its schedule up to ${formatValue(lateness.value, "ms")} late (p99; more than ${formatValue(limitMs, "ms")} is too late)`;
}

function hasNoSchedule(shape: LoadShape): boolean {
  return shape.kind === "closed" && shape.thinkTimeMs === 0;
}

function fineUpTo({ sentPerSecond }: ClientStory, busiestCores: number): Figure {
  if (busiestCores <= 0) return withheld("the client's CPU was not measured");
  return value(Math.floor((sentPerSecond * fineCpuCores) / busiestCores));
}

function lasted({ fromUs, toUs }: StageSecond): number {
  return (toUs - fromUs) / 1e6;
}

function value(number: number): Figure {
  return { kind: "value", value: number };
}

function withheld(reason: string): Figure {
  return { kind: "withheld", reason };
}
