import type { Benchmark, RateProfile, WantedShape } from "../model/benchmark.ts";
import type { Problem } from "../model/errors.ts";
import { stageTitle } from "../model/figure-names.ts";
import { metrics } from "../model/metric.ts";
import type { Target } from "../model/target.ts";

/**
 * Operations per second that no agent can send: a core at 16 us of CPU an operation, which is what pgbench
 * (-M prepared, one thread) takes for a SELECT over a container network, 85 % of it in the kernel. No engine of ours
 * takes less.
 */
const MOST_PER_AGENT = 62_500;
const MOST_AGENTS = 16;

/** Rates that cannot be sent, and stages too short for what they are judged by. */
export function checkRates(benchmark: Benchmark, targets: readonly Target[]): readonly Problem[] {
  return [
    ...checkSendable(benchmark),
    ...checkLimit(benchmark.client),
    ...targets.flatMap((target) => checkTarget(target, benchmark)),
  ];
}

/** What was not answered within the time-out is not seen to come within a longer limit. */
function checkLimit({ latencyLimitMs, timeoutMs }: Benchmark["client"]): readonly Problem[] {
  if (latencyLimitMs <= timeoutMs) return [];
  const message = `expected at most the client's time-out, ${timeoutMs} ms, found ${latencyLimitMs}.`;
  const suggestion = "Raise benchmark.client.timeoutMs.";
  return [{ where: "benchmark.client.latencyLimitMs", message, suggestion }];
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

function checkTarget(
  { id, metric, of }: Target,
  { method, phases, variants }: Benchmark,
): readonly Problem[] {
  const needed = metrics[metric].leastSample;
  if (needed === undefined || method.kind !== "fixed") return [];
  const named = variants.length === 0 ? [{ name: "" }] : variants;
  return method.stages.flatMap(({ name, shape }) => {
    const rate = meanRate(shape);
    const titles = named.map((variant) => stageTitle({ variant: variant.name, name }));
    const judged = of === undefined || titles.some((title) => of === title || of.startsWith(`${title}, `));
    if (!judged || rate === null || rate * phases.steadySeconds >= needed) return [];
    const message =
      `expected at least ${Math.ceil(needed / rate)} s: the ${metric} of target ${id} needs ${needed} ` +
      `operations, and "${name}" sends ${rate}/s; found ${phases.steadySeconds}.`;
    return [{ where: "benchmark.phases.steadySeconds", message }];
  });
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
function meanRate(shape: WantedShape): number | null {
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
