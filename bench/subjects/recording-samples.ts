import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { FakeRecording } from "../../harness/model/recording.fake.ts";
import type { RecordingWriter } from "../../harness/model/recording.ts";
import type { Sample, StreamName } from "../../harness/model/sample.ts";
import { createRun } from "../../harness/store/create-run.ts";
import { intervalHistograms } from "../../harness/store/interval-histograms.ts";
import { sampleLine } from "../../harness/store/sample-columns.ts";
import type { Subject } from "../subject.ts";

/** As many as the agent sends at once, more or less. */
const BATCH = 20;

/** Writing samples down while the cluster runs on the same cores. */
export async function recordingSamplesSubject(recording: FakeRecording): Promise<Subject> {
  const folder = await mkdtemp(path.join(tmpdir(), "dpg-bench-samples-"));
  const samples = recording.samples.get("write-probe") ?? [];
  const batches = inBatches(recording);
  const total = batches.reduce((sum, [, batch]) => sum + batch.length, 0);
  const one = { unit: "sample", perCall: samples.length };
  return {
    title: "Recording of samples",
    cases: [
      { ...one, name: "JSON.stringify of objects", run: () => encoded(samples, JSON.stringify) },
      {
        ...one,
        name: "line of a samples file",
        run: () => encoded(samples, sampleLine),
        comparedWith: "JSON.stringify of objects",
      },
      { ...one, name: "histogram per second", run: () => intoHistograms(samples) },
      {
        name: "all of it, to the disk",
        unit: "sample",
        perCall: total,
        run: async () => {
          const writer = await createRun(folder, recording.plan);
          write(writer, batches);
          await writer.finish({ kind: "complete" });
          await rm(writer.directory, { recursive: true });
        },
      },
    ],
    notes: [
      `A sample is ${(encoded(samples, JSON.stringify) / samples.length).toFixed(0)} characters as an object, ` +
        `${(encoded(samples, sampleLine) / samples.length).toFixed(0)} as a line.`,
    ],
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function encoded(samples: readonly Sample[], encode: (sample: Sample) => string): number {
  let characters = 0;
  for (const sample of samples) characters += encode(sample).length;
  return characters;
}

function intoHistograms(samples: readonly Sample[]): number {
  let lines = 0;
  const histograms = intervalHistograms(() => (lines += 1));
  histograms.add(samples);
  histograms.finish();
  return lines;
}

function inBatches({ samples }: FakeRecording): readonly (readonly [StreamName, readonly Sample[]])[] {
  return [...samples].flatMap(([stream, all]) =>
    Array.from(
      { length: Math.ceil(all.length / BATCH) },
      (_, index) => [stream, all.slice(index * BATCH, (index + 1) * BATCH)] as const,
    ),
  );
}

function write(
  writer: RecordingWriter,
  batches: readonly (readonly [StreamName, readonly Sample[]])[],
): void {
  for (const [stream, batch] of batches) writer.samples(stream, batch);
}
