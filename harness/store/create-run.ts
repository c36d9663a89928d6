import { randomBytes } from "node:crypto";
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { MachineError } from "../model/errors.ts";
import type { RunPlan } from "../model/plan.ts";
import type { RecordingEnd, RecordingWriter } from "../model/recording.ts";
import type { PlacementReading } from "../model/placement.ts";
import type { InvariantReading } from "../model/stage.ts";
import { openAppendFile, type AppendFile } from "./append-file.ts";
import { intervalHistograms, type IntervalHistograms } from "./interval-histograms.ts";
import { pathInside } from "./path-inside.ts";
import { SAMPLES_HEADER, sampleLine } from "./sample-columns.ts";
import { stageRecorder } from "./stage-recorder.ts";
import { storageError } from "./storage-error.ts";
import { writeResult } from "./write-result.ts";

/** How long a line may wait in memory before it is on disk. */
const FLUSH_MS = 100;

/**
 * Makes the folder `<runsDirectory>/<scenario>/<time>-<id>`, points `latest` at it, writes plan.json and opens the
 * recording. Events and samples are on disk within a fifth of a second, so a SIGKILL keeps them. Writing never throws
 * into the caller: the first failure is told to `onFailure` and makes `finish` reject. Throws a MachineError when the
 * folder cannot be made.
 */
export async function createRun(
  runsDirectory: string,
  plan: RunPlan,
  onFailure: (error: MachineError) => void = () => undefined,
): Promise<RecordingWriter> {
  const directory = makeDirectory(runsDirectory, plan.scenario.name);
  await writeResult(directory, "plan.json", `${JSON.stringify(plan, null, 2)}\n`);
  return openRecording(directory, onFailure);
}

function makeDirectory(runsDirectory: string, scenario: string): string {
  const parent = pathInside(path.resolve(runsDirectory), scenario);
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const name = `${time}-${randomBytes(3).toString("hex")}`;
  const directory = path.join(parent, name);
  try {
    for (const folder of ["logs", "config"]) mkdirSync(path.join(directory, folder), { recursive: true });
    const link = path.join(parent, `.latest-${name}`);
    symlinkSync(name, link);
    renameSync(link, path.join(parent, "latest"));
  } catch (error) {
    throw storageError(directory, error);
  }
  return directory;
}

function openRecording(directory: string, onFailure: (error: MachineError) => void): RecordingWriter {
  let failure: MachineError | undefined;
  let finished: Promise<void> | undefined;
  const files = new Map<string, AppendFile>();
  const histograms = new Map<string, IntervalHistograms>();

  const attempt = (name: string, action: () => void): void => {
    try {
      action();
    } catch (error) {
      if (failure !== undefined) return;
      failure = storageError(path.join(directory, name), error);
      onFailure(failure);
    }
  };
  const appendTo = (name: string, line: string, firstLine?: string): void => {
    if (finished !== undefined) return;
    attempt(name, () => {
      let file = files.get(name);
      if (file === undefined) {
        file = openAppendFile(path.join(directory, name));
        files.set(name, file);
        if (firstLine !== undefined) file.append(firstLine);
      }
      file.append(line);
    });
  };
  const flushAll = (): void => {
    for (const [name, file] of files) attempt(name, () => file.flush());
  };
  const writeWhole = (name: string, value: unknown): void => {
    attempt(name, () => {
      const target = path.join(directory, name);
      writeFileSync(`${target}.draft`, `${JSON.stringify(value)}\n`);
      renameSync(`${target}.draft`, target);
    });
  };
  const histogramOf = (stream: string): IntervalHistograms => {
    const known = histograms.get(stream);
    if (known !== undefined) return known;
    const created = intervalHistograms((line) => appendTo(`histograms-${stream}.hlog`, line));
    histograms.set(stream, created);
    return created;
  };

  const appendAll = (name: string, values: readonly unknown[]): void => {
    if (values.length > 0) appendTo(name, values.map((value) => JSON.stringify(value)).join("\n"));
  };
  const readBack = (name: string, take: (lines: Iterable<string>) => void): void => {
    const file = files.get(name);
    if (file === undefined || finished !== undefined) return;
    attempt(name, () => {
      file.flush();
      take(file.lines());
    });
  };
  const stages = stageRecorder({ appendTo, readBack });
  const invariants: InvariantReading[] = [];
  const placements: PlacementReading[] = [];

  const flushing = setInterval(flushAll, FLUSH_MS);
  flushing.unref();
  process.on("exit", flushAll);

  const close = async (end: RecordingEnd): Promise<void> => {
    clearInterval(flushing);
    process.off("exit", flushAll);
    flushAll();
    for (const [name, file] of files) attempt(name, () => file.close());
    if (failure !== undefined) throw failure;
    await writeResult(directory, "end.json", `${JSON.stringify(end)}\n`);
  };

  return {
    directory,
    event: (event) => appendTo("events.ndjson", JSON.stringify(event)),
    samples(stream, batch) {
      if (finished !== undefined || batch.length === 0) return;
      appendTo(`samples-${stream}.ndjson`, batch.map(sampleLine).join("\n"), SAMPLES_HEADER);
      histogramOf(stream).add(batch);
    },
    ledger: (reading) => writeWhole(`ledger-${reading.stream}-${reading.injection ?? "end"}.json`, reading),
    stageBegun: stages.stageBegun,
    stageSecond: stages.stageSecond,
    stageSamples: stages.stageSamples,
    stageAnswers: stages.stageAnswers,
    exactAnswers: (answers) => appendAll("exact-answers.ndjson", answers),
    stageSeconds: stages.stageSeconds,
    stageEnded: stages.stageEnded,
    resources: (readings) => appendAll("resources.ndjson", readings),
    statements: (readings) => appendAll("statements.ndjson", readings),
    invariants(readings) {
      invariants.push(...readings);
      writeWhole("invariants.json", invariants);
    },
    placements(readings) {
      if (readings.length === 0) return;
      placements.push(...readings);
      writeWhole("placement.json", placements);
    },
    copyAnswers: (readings) => appendAll("copy-answers.ndjson", readings),
    environment: (environment) => writeWhole("environment.json", environment),
    file: async (relativePath, content) => {
      await writeResult(directory, relativePath, content);
    },
    async finish(end) {
      if (finished === undefined) {
        for (const histogram of histograms.values()) histogram.finish();
        stages.finish();
      }
      finished ??= close(end);
      await finished;
    },
  };
}
