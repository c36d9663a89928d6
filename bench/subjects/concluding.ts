import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chartsScript } from "../../harness/conclude/charts-script.ts";
import { checkSafety } from "../../harness/check/check-safety.ts";
import { judge } from "../../harness/judge/judge.ts";
import { measure } from "../../harness/measure/measure.ts";
import type { FakeRecording } from "../../harness/model/recording.fake.ts";
import { createRun } from "../../harness/store/create-run.ts";
import { readRecording } from "../../harness/store/read-recording.ts";
import { renderHtml } from "../../reports/html/render-html.ts";
import type { Subject } from "../subject.ts";

/** What a user waits for when a run of ten minutes has ended. */
export async function concludingSubject(recording: FakeRecording): Promise<Subject> {
  const folder = await mkdtemp(path.join(tmpdir(), "dpg-bench-concluding-"));
  const directory = await written(recording, folder);
  const script = await chartsScript();
  const safety = checkSafety(recording);
  const measurements = measure(recording, safety);
  const verdict = judge({ plan: recording.plan, measurements, end: recording.end });
  const page = () => renderHtml({ recording, measurements, verdict }, { chartsScript: script });
  const samples = [...recording.samples.values()].reduce((sum, all) => sum + all.length, 0);
  const kilobytes = (text: string): string => `${Math.round(Buffer.byteLength(text) / 1000)} kB`;
  const one = { unit: "recording", perCall: 1 };
  return {
    title: "Conclusions",
    cases: [
      { ...one, name: "readRecording", run: () => readRecording(directory) },
      { ...one, name: "checkSafety", run: () => checkSafety(recording) },
      { ...one, name: "measure", run: () => measure(recording, safety), comparedWith: "readRecording" },
      { ...one, name: "renderHtml", run: page, comparedWith: "readRecording" },
    ],
    notes: [
      `The recording has ${samples.toLocaleString("en")} samples and ${recording.events.length.toLocaleString("en")} events.`,
      `Its report is ${kilobytes(page())}, of which ${kilobytes(script)} draw the charts.`,
    ],
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function written(recording: FakeRecording, folder: string): Promise<string> {
  const writer = await createRun(folder, recording.plan);
  for (const event of recording.events) writer.event(event);
  for (const [stream, samples] of recording.samples) writer.samples(stream, samples);
  for (const reading of recording.ledgers) writer.ledger(reading);
  await writer.finish(recording.end);
  return writer.directory;
}
