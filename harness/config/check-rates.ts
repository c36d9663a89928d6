import type { Benchmark, LoadShape, RateProfile } from "../model/benchmark.ts";
import type { Problem } from "../model/errors.ts";
import type { MetricName } from "../model/metric.ts";
import type { Target } from "../model/target.ts";
import { didYouMean } from "./nearest.ts";

/**
 * Operations per second that no agent can send: a core at 16 us of CPU an operation, which is what pgbench
 * (-M prepared, one thread) takes for a SELECT over a container network, 85 % of it in the kernel. No engine of ours
 * takes less.
 */
const MOST_PER_AGENT = 62_500;
const MOST_AGENTS = 16;

/** Operations that a percentile needs; see measure/percentile. */
const NEEDED: Partial<Readonly<Record<MetricName, number>>> = {
  "latency-p50": 10,
  "latency-p95": 100,
  "latency-p99": 1000,
  "service-time-p50": 10,
  "service-time-p95": 100,
  "service-time-p99": 1000,
};

/** Rates that cannot be sent, stages too short for what they are judged by, and targets about stages there are not. */
export function checkRates(benchmark: Benchmark, targets: readonly Target[]): readonly Problem[] {
  return [...checkSendable(benchmark), ...targets.flatMap((target) => checkTarget(target, benchmark))];
}

function checkSendable({ method, client }: Benchmark): readonly Problem[] {
  if (method.kind !== "fixed") return [];
  const most = client.agents * MOST_PER_AGENT;
  return method.stages.flatMap(({ name, shape }, index) => {
    const rate = shape.kind === "open" ? highest(shape.rate) : 0;
    if (rate <= most) return [];
    const agents = Math.ceil(rate / MOST_PER_AGENT);
    const message = `expected at most ${most}/s, which ${client.agents} agent${client.agents === 1 ? "" : "s"} can send, found ${rate}/s in "${name}".`;
    const suggestion =
      agents <= MOST_AGENTS
        ? `Use --agents ${agents}, on as many cores.`
        : `Lower it: no ${MOST_AGENTS} agents can.`;
    return [{ where: `benchmark.method.stages.${index}.shape.rate`, message, suggestion }];
  });
}

function checkTarget(target: Target, benchmark: Benchmark): readonly Problem[] {
  const needed = NEEDED[target.metric];
  if (needed === undefined) return [];
  const { method, phases, variants } = benchmark;
  const prefixes = variants.length < 2 ? [""] : variants.map(({ name }) => `${name}: `);
  const titles = prefixes.flatMap((prefix) => stageNames(benchmark).map((name) => `${prefix}${name}`));
  const { of } = target;
  if (of !== undefined && !titles.some((title) => of.startsWith(title))) {
    const message = `expected a stage of this benchmark, found ${JSON.stringify(of)}.`;
    return [{ where: `targets: ${target.id}.of`, message, suggestion: didYouMean(of, titles) }];
  }
  if (method.kind !== "fixed") return [];
  return method.stages.flatMap(({ name, shape }) => {
    const rate = meanRate(shape);
    const judged = of === undefined || prefixes.some((prefix) => of.startsWith(`${prefix}${name}`));
    if (!judged || rate === null || rate * phases.steadySeconds >= needed) return [];
    const message =
      `expected at least ${Math.ceil(needed / rate)} s: the ${target.metric} of target ${target.id} needs ${needed} ` +
      `operations, and "${name}" sends ${rate}/s; found ${phases.steadySeconds}.`;
    return [{ where: "benchmark.phases.steadySeconds", message }];
  });
}

/** Names that stages may have and that are known before the run; see plan/next-stage. */
function stageNames({ method }: Benchmark): readonly string[] {
  switch (method.kind) {
    case "fixed":
      return method.stages.map(({ name }) => name);
    case "highest-rate":
      return ["confirmation", "second confirmation", "saturation"];
    case "fractions-of-capacity":
      return [...method.percents.map((percent) => `${percent} % of capacity`), "saturation"];
  }
}

function highest(rate: RateProfile): number {
  switch (rate.kind) {
    case "constant":
      return rate.perSecond;
    case "ramp":
      return Math.max(rate.fromPerSecond, rate.toPerSecond);
    case "steps":
      return Math.max(...rate.perSecond);
  }
}

/** null: what a closed load sends is not known beforehand. */
function meanRate(shape: LoadShape): number | null {
  if (shape.kind === "closed") return null;
  const { rate } = shape;
  switch (rate.kind) {
    case "constant":
      return rate.perSecond;
    case "ramp":
      return (rate.fromPerSecond + rate.toPerSecond) / 2;
    case "steps":
      return rate.perSecond.reduce((sum, one) => sum + one, 0) / rate.perSecond.length;
  }
}
