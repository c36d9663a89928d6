import { fakeBenchmarkRecording } from "../harness/model/benchmark-recording.fake.ts";
import type { ResourceReading } from "../harness/model/resource.ts";
import { createRun } from "../harness/store/create-run.ts";
import { seededRandom } from "../harness/support/seeded-random.ts";

const SECONDS = 86_400;
const CONTAINERS = 20;
/** Seconds that are made; those of the day are these, one after the other, again and again. */
const MADE = 50;
/** So many are written at once. */
const BATCH = 500;

/**
 * Writes the recording of a made-up benchmark of one stage that lasts a day, at 1,000 operations per second, with a reading
 * of every container, of the machine and of a pooler each second: two million readings. Resolves with the run's folder.
 */
export async function writeDayOfStages(runsDirectory: string): Promise<string> {
  const phases = { warmupSeconds: 10, steadySeconds: SECONDS - 10, coolDownSeconds: 0 };
  const made = fakeBenchmarkRecording({
    client: { agents: 1 },
    stages: [{ name: "a day", phases: { warmupSeconds: 0, steadySeconds: MADE, coolDownSeconds: 0 } }],
  });
  const [stage] = made.stages;
  if (stage === undefined) throw new Error("Expected a stage, found none.");
  const random = seededRandom(1, "readings");
  const writer = await createRun(runsDirectory, made.plan);
  if (made.environment !== null) writer.environment(made.environment);
  const told = made.events.filter(({ kind }) => kind !== "stage");
  for (const event of told) writer.event(event);
  const { stage: number, name } = stage.stage;
  const day = { kind: "stage", stage: number, name } as const;
  writer.event({ ...day, atUs: stage.startedUs, phase: "warmup" });
  writer.event({ ...day, atUs: stage.startedUs + 10e6, phase: "steady" });
  writer.stageBegun({ ...stage.stage, phases }, stage.engine, stage.startedUs);
  for (let second = 0; second < SECONDS; second += 1) {
    const like = stage.seconds[second % MADE];
    if (like === undefined) break;
    const fromUs = stage.startedUs + second * 1e6;
    const phase = second < 10 ? "warmup" : "steady";
    writer.stageSecond({ ...like, phase, fromUs, toUs: fromUs + 1e6 });
    writer.resources(readingsAt(fromUs + 500_000, random));
    if (second % BATCH === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const endUs = stage.startedUs + SECONDS * 1e6;
  writer.stageEnded(number, { kind: "complete" }, endUs);
  writer.event({ ...day, atUs: endUs, phase: "ended" });
  await writer.finish({ kind: "complete" });
  return writer.directory;
}

function readingsAt(atUs: number, random: () => number): ResourceReading[] {
  const some = (most: number): number => Math.round(1000 * most * random()) / 1000;
  return [
    { kind: "machine", atUs, cores: 8, busyCores: some(4), ioWaitCores: some(0.1), stolenCores: 0 },
    {
      kind: "pooler",
      atUs,
      pgbouncer: "pgbouncer-1",
      clientsActive: 16,
      clientsWaiting: 0,
      serversActive: Math.round(some(8)),
      serversIdle: 10,
      poolSize: 100,
      longestWaitMs: some(1),
      meanWaitMs: some(0.2),
    },
    ...Array.from({ length: CONTAINERS }, (_, index): ResourceReading => ({
      kind: "container",
      atUs: atUs + index * 100,
      node: `node-${index + 1}`,
      cpuCores: some(1),
      cpuLimit: 2,
      throttledShare: 0,
      memoryMb: 100 + some(50),
      memoryLimitMb: 1024,
      diskReadBytesPerSecond: Math.round(some(1e6)),
      diskWriteBytesPerSecond: Math.round(some(1e6)),
      networkReceivedBytesPerSecond: Math.round(some(1e6)),
      networkSentBytesPerSecond: Math.round(some(1e6)),
    })),
  ];
}
