import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { measureScheduleLag } from "../measure/measure-schedule-lag.ts";
import { clientStalls } from "../measure/client-stalls.ts";
import { measureLatency } from "../measure/measure-latency.ts";
import type { Sample } from "../model/sample.ts";
import { streamOfSamples } from "../../reports/charts/timeline/streams.ts";

/** Megabytes of objects: as lists of samples, those below would need some seven times as much. */
const HEAP = 128;

test(`two million samples are written, read back and judged by a process with ${HEAP} MB for objects`, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "dpg-large-"));
  try {
    const from = (file: string): string => JSON.stringify(path.resolve(file));
    const script = path.join(folder, "conclude.ts");
    await writeFile(
      script,
      `
      import { writeLargeRecording } from ${from("bench/large-recording.ts")};
      import { checkSafety } from ${from("harness/check/check-safety.ts")};
      import { judge } from ${from("harness/judge/judge.ts")};
      import { measure } from ${from("harness/measure/measure.ts")};
      import { readRecording } from ${from("harness/store/read-recording.ts")};
      import { collectTimeline } from ${from("reports/charts/timeline/data.ts")};
      const recording = await readRecording(await writeLargeRecording(${JSON.stringify(folder)}, 2_000_000));
      const measurements = measure(recording, checkSafety(recording));
      const verdict = judge({ plan: recording.plan, measurements, end: recording.end });
      const { streams } = collectTimeline({ recording, measurements, verdict });
      console.log(JSON.stringify({
        recorded: [...recording.samples.values()].map(({ length }) => length),
        drawn: streams.map(({ outcomes: { at, ok, failed, unknown } }) =>
          Math.round([ok, failed, unknown].flat().reduce((a, b) => a + b) * at.step)),
        ledgers: measurements.ledgers,
        outcomes: verdict.targets.map(({ outcome }) => outcome),
      }));
      `,
    );
    const jiti = path.resolve("node_modules/jiti/lib/jiti-cli.mjs");
    const { stdout } = await promisify(execFile)(process.execPath, [
      `--max-old-space-size=${HEAP}`,
      jiti,
      script,
    ]);
    const { recorded, drawn, ledgers, outcomes } = JSON.parse(stdout) as {
      readonly recorded: readonly number[];
      readonly drawn: readonly number[];
      readonly ledgers: readonly Readonly<Record<string, unknown>>[];
      readonly outcomes: readonly string[];
    };
    expect(Math.round(sum(recorded) / 1e5)).toBe(20);
    // The buckets in which the load began and ended have the rate of the part that was sent in.
    for (const [index, count] of recorded.entries()) expect(drawn[index]! / count).toBeCloseTo(1, 2);
    expect(ledgers).toMatchObject([
      { stream: "write-probe", acknowledgedMissing: { kind: "value", value: 2 } },
      { stream: "mix-insert-order", acknowledgedMissing: { kind: "value", value: 0 } },
    ]);
    const [, mix] = ledgers;
    expect(sum([mix?.acknowledged, mix?.failed, mix?.unknown] as number[])).toBe(recorded[2]);
    expect(outcomes.slice(0, 2)).toEqual(["fail", "fail"]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("200,000 operations that were all late fit into no list of arguments, and need not", () => {
  const samples = Array.from({ length: 200_000 }, (_, index): Sample => {
    const intendedUs = index * 100;
    const startUs = intendedUs + 200_000;
    return { id: index + 1, intendedUs, startUs, endUs: startUs + 1, outcome: "ok", code: null };
  });
  const lastUs = 199_999 * 100;
  expect(clientStalls([samples], 1000)).toEqual([{ fromUs: 0, toUs: lastUs + 200_000 }]);
  expect(measureScheduleLag([samples])).toMatchObject({ n: 200_000, max: { kind: "value", value: 200 } });
  const [measured] = measureLatency({ name: "mix-all", timeoutMs: 1000 }, samples, () => "before");
  expect(measured?.latencyMs.max).toEqual({ kind: "value", value: 200.001 });
  const { at, ok } = streamOfSamples("mix-all", samples, lastUs).outcomes;
  expect(sum(ok) * ("step" in at ? at.step : 0)).toBe(200_000);
});

function sum(numbers: readonly (number | null)[]): number {
  return numbers.reduce((total: number, number) => total + (number ?? 0), 0);
}
