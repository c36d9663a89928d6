import { findEpisodes } from "../harness/measure/find-episodes.ts";
import { fakePlan } from "../harness/model/plan.fake.ts";
import { fakeRecording } from "../harness/model/recording.fake.ts";
import type { LedgerReading, Recording, RecordingWriter } from "../harness/model/recording.ts";
import { type FakeOutage } from "../harness/model/samples.fake.ts";
import type { Sample, StreamDescription } from "../harness/model/sample.ts";
import { createRun } from "../harness/store/create-run.ts";
import { seededRandom } from "../harness/support/seeded-random.ts";

/** Of all streams together. */
const RATE_PER_SECOND = 10_000;
const INJECTIONS = [
  { fault: "crash-postgres", writeOutageSeconds: 1.7, readOutageSeconds: 0.4, lostRows: 2 },
  { fault: "kill-node", writeOutageSeconds: 20, readOutageSeconds: 2 },
];
/** Samples made, put into the order of their ends and written at once. */
const BATCH = 5000;

/**
 * Writes the recording of a made-up run of faults, of about so many samples at 10,000 per second, into a run's folder
 * below `runsDirectory`; resolves with that folder. Memory stays level: only the probes' samples are ever held whole.
 */
export async function writeLargeRecording(runsDirectory: string, samples: number): Promise<string> {
  const recording = probesOf(samples);
  const writer = await createRun(runsDirectory, recording.plan);
  if (recording.environment !== null) writer.environment(recording.environment);
  recording.events.forEach((event) => writer.event(event));
  const outages = outagesOf(recording);
  const ledgers = recording.ledgers.filter(({ stream }) => stream === "write-probe");
  for (const stream of recording.plan.streams) {
    const own = recording.samples.get(stream.name) ?? [];
    if (stream.name.startsWith("mix-")) await writeMix({ writer, stream, outages, ledgers, recording });
    else for (const batch of batches(own)) writer.samples(stream.name, batch);
  }
  ledgers.forEach((reading) => writer.ledger(reading));
  await writer.finish(recording.end);
  return writer.directory;
}

/** The run without its background load, as long as so many samples take. */
function probesOf(samples: number): Recording {
  const base = fakePlan([]);
  const mixRate = RATE_PER_SECOND - 200;
  const shares = { "mix-insert-order": 0.4, "mix-select-orders": 0.6 };
  const load =
    base.load?.background == null
      ? null
      : {
          ...base.load,
          background: { ...base.load.background, ratePerSecond: mixRate },
        };
  const made = (steadySeconds: number): Recording => {
    const phases = { warmupSeconds: 5, steadySeconds, recoverySeconds: 3 };
    const streams = base.streams.filter(({ name }) => !name.startsWith("mix-"));
    return fakeRecording({ injections: INJECTIONS, plan: { phases, load, streams } });
  };
  const least = lengthOf(made(5));
  const recording = made(5 + Math.max(0, Math.round(samples / RATE_PER_SECOND - least)));
  const streams = base.streams.map((stream) => {
    const share = shares[stream.name as keyof typeof shares] as number | undefined;
    return share === undefined ? stream : { ...stream, ratePerSecond: Math.round(mixRate * share) };
  });
  return { ...recording, plan: { ...recording.plan, streams } };
}

function lengthOf({ samples }: Recording): number {
  const own = [...(samples.get("read-probe") ?? [])];
  return ((own.at(-1)?.intendedUs ?? 0) - (own[0]?.intendedUs ?? 0)) / 1e6;
}

function outagesOf({ samples }: Recording): readonly FakeOutage[] {
  const writes = [...(samples.get("write-probe") ?? [])].sort((a, b) => a.intendedUs - b.intendedUs);
  return findEpisodes(writes, 1000).map(({ fromUs, toUs }) => ({
    fromUs,
    toUs: toUs ?? Infinity,
    manner: "silent",
  }));
}

async function writeMix(told: {
  readonly writer: RecordingWriter;
  readonly stream: StreamDescription;
  readonly outages: readonly FakeOutage[];
  readonly ledgers: readonly LedgerReading[];
  readonly recording: Recording;
}): Promise<void> {
  const { writer, stream, outages, ledgers, recording } = told;
  const probe = [...(recording.samples.get("read-probe") ?? [])];
  const random = seededRandom(1, stream.name);
  const absent: number[] = [];
  const lastBefore = ledgers.map(() => 0);
  const toUs = probe.at(-1)?.intendedUs ?? 0;
  let dueUs = probe[0]?.intendedUs ?? 0;
  let batch: Sample[] = [];
  for (let id = 1; ; id += 1) {
    dueUs += (-Math.log(1 - random()) * 1e6) / stream.ratePerSecond;
    if (dueUs >= toUs) break;
    const sample = operation(stream, { id, intendedUs: Math.round(dueUs), outages }, random);
    batch.push(sample);
    if (sample.outcome !== "ok") absent.push(id);
    ledgers.forEach(({ atUs }, index) => {
      if (sample.endUs <= atUs) lastBefore[index] = id;
    });
    if (batch.length < BATCH) continue;
    writer.samples(
      stream.name,
      batch.sort((a, b) => a.endUs - b.endUs),
    );
    batch = [];
    await new Promise((resolve) => setImmediate(resolve));
  }
  writer.samples(
    stream.name,
    batch.sort((a, b) => a.endUs - b.endUs),
  );
  const { ledgerTable: table } = stream;
  if (table === null) return;
  ledgers.forEach(({ atUs, injection }, index) => {
    const present = rangesWithout(absent, lastBefore[index] ?? 0);
    const rows = present.reduce((sum, [from, to]) => sum + to - from + 1, 0);
    writer.ledger({ stream: stream.name, table, injection, atUs, rows, present });
  });
}

function operation(
  { kind, timeoutMs }: StreamDescription,
  due: { readonly id: number; readonly intendedUs: number; readonly outages: readonly FakeOutage[] },
  random: () => number,
): Sample {
  const { id, intendedUs } = due;
  const startUs = intendedUs + Math.round(30 + 200 * random() ** 4);
  const isOut =
    kind === "write" && due.outages.some(({ fromUs, toUs }) => intendedUs >= fromUs && intendedUs < toUs);
  if (isOut)
    return {
      id,
      intendedUs,
      startUs,
      endUs: intendedUs + timeoutMs * 1000,
      outcome: "failed",
      code: "CLIENT_TIMEOUT",
    };
  const endUs = Math.round(startUs + 700 - Math.log(1 - random()) * 500);
  return { id, intendedUs, startUs, endUs, outcome: "ok", code: null };
}

/** From 1 to the last one, without those that are absent, which are in order. */
function rangesWithout(absent: readonly number[], last: number): [number, number][] {
  const found: [number, number][] = [];
  let from = 1;
  for (const id of [...absent.filter((one) => one <= last), last + 1]) {
    if (id > from) found.push([from, id - 1]);
    from = id + 1;
  }
  return found;
}

function* batches(
  samples: Recording["samples"] extends ReadonlyMap<unknown, infer Own> ? Own : never,
): Iterable<Sample[]> {
  let batch: Sample[] = [];
  for (const sample of samples) {
    batch.push(sample);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
