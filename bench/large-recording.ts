import { fakeEnvironment } from "../harness/model/environment.fake.ts";
import { fakeQuietEvents } from "../harness/model/event.fake.ts";
import { fakePlan } from "../harness/model/plan.fake.ts";
import { fakeAcknowledgements, fakeStory, type FakeStory } from "../harness/model/recording.fake.ts";
import type { RecordingWriter } from "../harness/model/recording.ts";
import { fakeSample } from "../harness/model/samples.fake.ts";
import type { Sample, StreamDescription } from "../harness/model/sample.ts";
import { createRun } from "../harness/store/create-run.ts";
import { seededRandom } from "../harness/support/seeded-random.ts";

/** Of all streams together. */
const RATE_PER_SECOND = 10_000;
const SECONDS_OF_A_DAY = 86_400;
const INJECTIONS = [
  { fault: "crash-postgres", writeOutageSeconds: 1.7, readOutageSeconds: 0.4, lostRows: 2 },
  { fault: "kill-node", writeOutageSeconds: 20, readOutageSeconds: 2 },
];
/** Samples made, put into the order of their ends and written at once. */
const BATCH = 5000;

/**
 * Writes the recording of a made-up run of faults, of about so many samples at 10,000 per second, into a run's folder
 * below `runsDirectory`; resolves with that folder. Memory stays level: no more than a batch of samples is ever held.
 */
export async function writeLargeRecording(runsDirectory: string, samples: number): Promise<string> {
  return await writeStory(runsDirectory, storyOf(samples / RATE_PER_SECOND, RATE_PER_SECOND - 200));
}

/** The same of a day of probes alone, 100 per second each: 17 million samples. */
export async function writeDayOfProbes(runsDirectory: string): Promise<string> {
  return await writeStory(runsDirectory, storyOf(SECONDS_OF_A_DAY, 0));
}

async function writeStory(runsDirectory: string, story: FakeStory): Promise<string> {
  const { plan, span, writeOutages } = story;
  const writer = await createRun(runsDirectory, plan);
  writer.environment(fakeEnvironment(plan.topology));
  for (const event of story.events) writer.event(event);
  const quiet = fakeQuietEvents(plan, span, writeOutages, seededRandom(1, "quiet"));
  for (const event of quiet.sort((a, b) => a.atUs - b.atUs)) writer.event(event);
  for (const stream of plan.streams) await writeStream(stream, story, writer);
  await writer.finish({ kind: "complete" });
  return writer.directory;
}

/** What happens in a run of about so many seconds; `mixRate`: operations of the background per second, 0: none. */
function storyOf(seconds: number, mixRate: number): FakeStory {
  const { load, streams } = fakePlan([]);
  const shares: Readonly<Record<string, number>> = { "mix-insert-order": 0.4, "mix-select-orders": 0.6 };
  const plan = {
    load:
      load?.background == null
        ? null
        : { ...load, background: mixRate === 0 ? null : { ...load.background, ratePerSecond: mixRate } },
    streams: streams.flatMap((stream) => {
      const share = shares[stream.name];
      if (share === undefined) return [stream];
      return mixRate === 0 ? [] : [{ ...stream, ratePerSecond: Math.round(mixRate * share) }];
    }),
  };
  const made = (steadySeconds: number): FakeStory => {
    const phases = { warmupSeconds: 5, steadySeconds, recoverySeconds: 3 };
    return fakeStory({ injections: INJECTIONS, plan: { ...plan, phases } }, seededRandom(1, "recording"));
  };
  const { span } = made(0);
  return made(Math.max(5, Math.round(seconds - (span.toUs - span.fromUs) / 1e6)));
}

/** Probes are due at even distances, the background by chance. What was acknowledged is in the ledger, but for what was lost. */
async function writeStream(
  stream: StreamDescription,
  { span, writeOutages, readOutages, losses, readings, reigns }: FakeStory,
  writer: RecordingWriter,
): Promise<void> {
  const { name, kind, ratePerSecond, ledgerTable: table } = stream;
  const isProbe = !name.startsWith("mix-");
  const random = seededRandom(1, name);
  const outages = kind === "write" ? writeOutages : readOutages;
  const told = name === "write-probe" ? fakeAcknowledgements(reigns) : (sample: Sample) => sample;
  const absent: number[] = [];
  const lastBefore = readings.map(() => 0);
  const lastAcknowledged = losses.map((): number[] => []);
  let dueUs = span.fromUs;
  let batch: Sample[] = [];
  for (let id = 1; dueUs < span.toUs; id += 1) {
    const sample = told(fakeSample(stream, id, Math.round(dueUs), outages, random));
    batch.push(sample);
    const { endUs, outcome } = sample;
    if (table !== null) {
      if (outcome !== "ok") absent.push(id);
      readings.forEach(({ atUs }, index) => {
        if (endUs <= atUs) lastBefore[index] = id;
      });
      losses.forEach(({ beforeUs, rows }, index) => {
        if (name !== "write-probe" || rows === 0 || outcome !== "ok" || endUs > beforeUs) return;
        lastAcknowledged[index] = [...(lastAcknowledged[index] ?? []), id].slice(-rows);
      });
    }
    const intervals = isProbe ? 1 : -Math.log(1 - random());
    dueUs += (intervals * 1e6) / ratePerSecond;
    if (batch.length < BATCH) continue;
    writer.samples(
      name,
      batch.sort((a, b) => a.endUs - b.endUs),
    );
    batch = [];
    await new Promise((resolve) => setImmediate(resolve));
  }
  writer.samples(
    name,
    batch.sort((a, b) => a.endUs - b.endUs),
  );
  if (table === null) return;
  const lost = losses.flatMap((_, index) => lastAcknowledged[index] ?? []);
  const missing = [...absent, ...lost].sort((a, b) => a - b);
  readings.forEach(({ atUs, injection }, index) => {
    const present = rangesWithout(missing, lastBefore[index] ?? 0);
    const rows = present.reduce((sum, [from, to]) => sum + to - from + 1, 0);
    writer.ledger({ stream: name, table, injection, atUs, rows, present });
    writer.event({ kind: "ledger-read", atUs, injection, stream: name, rows });
  });
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
