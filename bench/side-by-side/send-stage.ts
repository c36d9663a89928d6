import type { ClientSettings, EngineName, LoadShape } from "../../harness/model/benchmark.ts";
import { clientEndpoints } from "../../harness/model/layout.ts";
import type { Figure, StageMeasurement } from "../../harness/model/measurement.ts";
import type { StageSecond } from "../../harness/model/stage.ts";
import { measureStage } from "../../harness/measure/measure-stage.ts";
import type { BenchCluster } from "./bench-cluster.ts";

let stages = 0;

/** One stage by one engine on the bench's cluster, measured as in a run. */
export async function sendStage(
  { cluster, load }: BenchCluster,
  wanted: {
    readonly engine: EngineName;
    readonly shape: LoadShape;
    readonly connections: number;
    readonly steadySeconds: number;
    readonly samplesKept?: number;
    /** Beside those of the bench's load. */
    readonly parameters?: Readonly<Record<string, number>>;
  },
): Promise<StageMeasurement> {
  stages += 1;
  const { engine, shape, connections, steadySeconds } = wanted;
  const client: ClientSettings = {
    engine,
    agents: 1,
    sessions: shape.kind === "closed" ? "own" : "pool",
    connections,
    mix: "per-operation",
    timeoutMs: 5_000,
    latencyLimitMs: 1_000,
    samplesKept: wanted.samplesKept ?? 0,
  };
  const phases = { warmupSeconds: 1, steadySeconds, coolDownSeconds: 0 };
  const seconds: StageSecond[] = [];
  const {
    engine: described,
    startedUs,
    ended,
  } = await cluster.agent.startStage(
    {
      stage: stages,
      seed: stages,
      workload: load.workload,
      parameters: { ...load.parameters, ...wanted.parameters },
      shape,
      phases,
      client,
      endpoints: clientEndpoints(cluster.topology),
      database: cluster.topology.postgres.database,
      firstId: stages * 1_000_000_000,
      k6Script: null,
    },
    {
      second: (second) => void seconds.push(second),
      samples: () => undefined,
      samplesLeftOut: () => undefined,
    },
  );
  const end = await ended;
  const stage = { stage: stages, variant: "", name: engine, purpose: "fixed", shape, phases } as const;
  const recorded = { stage, engine: described, startedUs, end, seconds, samples: new Map() };
  const measured = measureStage(recorded, client, []);
  if (measured.problem !== null) throw new Error(`${engine}: ${measured.problem}`);
  return measured;
}

/** NaN where it was withheld. */
export function value(figure: Figure): number {
  return figure.kind === "value" ? figure.value : NaN;
}
