import Table from "cli-table3";
import { Bench } from "tinybench";
import { formatNanoseconds } from "./format-nanoseconds.ts";
import type { Subject } from "./subject.ts";
import { arrivalsSubject } from "./subjects/arrivals.ts";
import { concludingSubject } from "./subjects/concluding.ts";
import { nativeEngineSubject } from "./subjects/native-engine.ts";
import { recordingSamplesSubject } from "./subjects/recording-samples.ts";
import { serviceTrackerSubject } from "./subjects/service-tracker.ts";
import { tenMinuteRecording } from "./ten-minute-recording.ts";

/**
 * `npm run bench`: how long the harness's own work takes, on this machine, now. Nothing here passes or fails: look
 * at it before and after a change.
 */
const MEASURED_MS = 1000;
const WARMUP_MS = 200;
const LEAST_CALLS = 5;

const recording = tenMinuteRecording();
const table = new Table({
  head: ["", "median", "p99", "calls", "ratio"],
  colAligns: ["left", "right", "right", "right", "left"],
  style: { head: [], border: [] },
});
const notes: string[] = [];
for (const prepare of [
  arrivalsSubject,
  nativeEngineSubject,
  recordingSamplesSubject,
  serviceTrackerSubject,
  concludingSubject,
] as const) {
  await using subject = await prepare(recording);
  await measureSubject(subject);
}
console.log(`${table.toString()}\n${notes.join("\n")}`);

async function measureSubject(subject: Subject): Promise<void> {
  const bench = new Bench({
    time: MEASURED_MS,
    iterations: LEAST_CALLS,
    warmupTime: WARMUP_MS,
    warmupIterations: 1,
    throws: true,
  });
  for (const { name, run } of subject.cases) bench.add(name, run);
  await bench.run();
  table.push([{ content: subject.title, colSpan: 5 }]);
  const medianNs = new Map<string, number>();
  for (const { name, unit, perCall, comparedWith } of subject.cases) {
    const result = bench.getTask(name)?.result;
    if (result?.state !== "completed")
      throw new Error(`Expected ${name} to be measured, found ${result?.state}.`);
    const { p50, p99, samplesCount } = result.latency;
    const ns = (milliseconds: number): number => (milliseconds * 1e6) / perCall;
    medianNs.set(name, ns(p50));
    const other = comparedWith === undefined ? undefined : medianNs.get(comparedWith);
    table.push([
      `  ${name}`,
      `${formatNanoseconds(ns(p50))} per ${unit}`,
      formatNanoseconds(ns(p99)),
      samplesCount,
      other === undefined ? "" : `${(ns(p50) / other).toFixed(2)} of ${comparedWith}`,
    ]);
  }
  notes.push(...(subject.notes ?? []));
}
