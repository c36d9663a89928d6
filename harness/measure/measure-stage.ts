import type { ClientSettings, LoadShape, RateProfile } from "../model/benchmark.ts";
import { stageTitle } from "../model/figure-names.ts";
import type { Figure, StageMeasurement } from "../model/measurement.ts";
import type { ResourceReading } from "../model/resource.ts";
import type { ExactAnswer } from "../model/search.ts";
import type { RecordedStage, StageSecond } from "../model/stage.ts";
import { rateWithoutStalls } from "../stats/rate-without-stalls.ts";
import { steadySeconds as steadySecondsOf, stretchOf } from "../stats/steady-phase.ts";
import { findBottlenecks } from "./bottleneck/find-bottlenecks.ts";
import { countBySecond } from "./count-by-second.ts";
import { measureClient } from "./measure-client.ts";
import { measureRecall } from "./measure-recall.ts";
import { measureOperations, sentOf } from "./measure-operations.ts";
import { steadyReadings } from "../stats/steady-readings.ts";
import { formatValue } from "../model/format-value.ts";

/** A steady phase of less than this share of what was planned is too short to judge by. */
const enoughOfSteady = 0.9;

/**
 * What follows from one stage: from its seconds of the phase `steady` alone, added up over the agents. These hold the
 * operations that were due in it, also those that ended a little later. So nothing is lost at the edges, and an open load
 * that is more than the cluster can do looks answered for as long as its time-out lets a queue grow: look at goodput.
 * `resources` may be those of the whole run.
 */
export function measureStage(
  recorded: RecordedStage,
  settings: ClientSettings,
  resources: readonly ResourceReading[],
  exactAnswers: readonly ExactAnswer[] = [],
): StageMeasurement {
  const { stage } = recorded;
  const { shape } = stage;
  const steady = steadySecondsOf(recorded);
  const steadySeconds = lengthOf(steady);
  const operations = measureOperations(steady, settings);
  const [all] = operations;
  if (all === undefined) throw new Error("measureOperations gives all operations first");
  const within = steadyReadings(resources, recorded);
  const perSecond = (count: number): Figure =>
    steadySeconds === 0
      ? { kind: "withheld", reason: "no second of the steady phase was recorded" }
      : { kind: "value", value: count / steadySeconds };
  const sent = sentOf(all);
  const closed = shape.kind === "closed" && steadySeconds > 0;
  const client = measureClient({
    shape,
    seconds: steady,
    all,
    sentPerSecond: steadySeconds === 0 ? 0 : sent / steadySeconds,
  });
  return {
    stage,
    title: stageTitle(stage),
    steadySeconds,
    offeredPerSecond:
      shape.kind === "open" ? { kind: "value", value: meanRate(shape.rate) } : perSecond(sent),
    throughputPerSecond: perSecond(all.outcomes.ok),
    goodputPerSecond: perSecond(all.inTime),
    withoutStallsPerSecond: {
      throughput: closed ? rateWithoutStalls(steady, "throughput") : perSecond(all.outcomes.ok),
      goodput: closed ? rateWithoutStalls(steady, "goodput") : perSecond(all.inTime),
    },
    operations,
    bySecond: countBySecond(steady),
    client,
    connectionsServed: connectionsServed(steady, settings),
    connectionsWanted: connectionsWanted(shape, settings),
    ...recallOf(recorded, exactAnswers, steady),
    bottlenecks: findBottlenecks(within, { shape, connections: settings.connections, client }),
    problem: problemOf(recorded, steady, steadySeconds, settings),
  };
}

function recallOf(
  recorded: RecordedStage,
  exactAnswers: readonly ExactAnswer[],
  steady: readonly StageSecond[],
): Pick<StageMeasurement, "recall"> {
  const recall = measureRecall(recorded, exactAnswers, [stretchOf(steady)]);
  return recall === null ? {} : { recall };
}

/** Seconds: of the agent that has the most. */
function lengthOf(seconds: readonly StageSecond[]): number {
  return Math.max(0, ...lengthsByAgent(seconds));
}

/** Seconds. */
function lengthsByAgent(seconds: readonly StageSecond[]): number[] {
  const byAgent = new Map<number, number>();
  for (const { client, fromUs, toUs } of seconds) {
    byAgent.set(client.agent, (byAgent.get(client.agent) ?? 0) + (toUs - fromUs));
  }
  return [...byAgent.values()].map((us) => us / 1e6);
}

function meanRate(rate: RateProfile): number {
  switch (rate.kind) {
    case "constant":
      return rate.perSecond;
    case "ramp":
      return (rate.fromPerSecond + rate.toPerSecond) / 2;
    case "steps":
      return rate.perSecond.reduce((sum, each) => sum + each, 0) / Math.max(1, rate.perSecond.length);
  }
}

/** Each agent counts up from the beginning of the steady phase. */
function connectionsServed(steady: readonly StageSecond[], { sessions }: ClientSettings): Figure {
  if (sessions === "each-operation") {
    return { kind: "withheld", reason: "each operation has a connection of its own" };
  }
  if (steady.length === 0) return { kind: "withheld", reason: "no second of the steady phase was recorded" };
  const byAgent = new Map<number, number>();
  for (const { client } of steady) {
    byAgent.set(client.agent, Math.max(byAgent.get(client.agent) ?? 0, client.served));
  }
  return { kind: "value", value: [...byAgent.values()].reduce((sum, served) => sum + served, 0) };
}

/** Clients that want to be served; of a pool, and of an open shape, its connections. */
function connectionsWanted(shape: LoadShape, { sessions, connections }: ClientSettings): number {
  return shape.kind === "closed" && sessions !== "pool" ? shape.clients : connections;
}

function problemOf(
  { stage, end }: RecordedStage,
  steady: readonly StageSecond[],
  steadySeconds: number,
  { agents }: ClientSettings,
): string | null {
  if (end === null) return "the recording stops within the stage";
  if (end.kind === "failed") return `it failed (${end.code}): ${end.reason.replace(/\.$/, "")}`;
  if (steady.length === 0) return "no second of its steady phase was recorded";
  // It was ended when the faults were over: its length is what it is.
  const wanted = stage.purpose === "sustained" ? steadySeconds : stage.phases.steadySeconds;
  if (steadySeconds < enoughOfSteady * wanted) {
    return `only ${formatValue(steadySeconds, "s")} of ${wanted} s of its steady phase were recorded`;
  }
  const lengths = lengthsByAgent(steady);
  const whole = lengths.filter((length) => length >= enoughOfSteady * wanted).length;
  if (lengths.length < agents) return `only ${lengths.length} of ${agents} agents reported`;
  return whole < lengths.length ? `only ${whole} of ${agents} agents reported its whole steady phase` : null;
}
