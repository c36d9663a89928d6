import path from "node:path";
import type { RecordedStage, StageSecond } from "../model/stage.ts";
import type { Sample } from "../model/sample.ts";
import type { SearchAnswer } from "../model/search.ts";
import type { Damage } from "./damage.ts";
import { readSampleList } from "./read-samples.ts";
import { stageLineSchemas } from "./schema/stage-schema.ts";
import { answerSchema } from "./answer-line.ts";
import { operationOfAnswersFile, operationOfSamplesFile, stageOfFile } from "./stage-files.ts";

/** A run's folder while it is read. */
export interface ReadFolder {
  readonly directory: string;
  readonly names: readonly string[];
  /** Tells `take` of the values of a file's lines, as read-lines.ts does; of none when there is no such file. */
  readonly readLines: (name: string, take: (value: unknown, line: number) => void) => Promise<void>;
  readonly damage: Damage;
  /** Files whose last line was cut off and left out; whoever finds one adds it. */
  readonly torn: string[];
}

/** The stages of a benchmark, in order. One whose first line was cut off is left out. */
export async function readStages(folder: ReadFolder): Promise<readonly RecordedStage[]> {
  const stages: RecordedStage[] = [];
  for (const name of folder.names) {
    const number = stageOfFile(name);
    if (number === null) continue;
    const stage = await readStage(name, folder);
    if (stage === null) continue;
    const answers = await answersOf(number, folder);
    stages.push({
      ...stage,
      samples: await samplesOf(number, folder),
      ...(answers.size === 0 ? {} : { answers }),
    });
  }
  return stages.sort((a, b) => a.stage.stage - b.stage.stage);
}

async function samplesOf(
  stage: number,
  { directory, names, damage, torn }: ReadFolder,
): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const samples = new Map<string, readonly Sample[]>();
  for (const name of names) {
    const operation = operationOfSamplesFile(stage, name);
    if (operation === null) continue;
    const read = await readSampleList(path.join(directory, name), damage);
    if (read.torn) torn.push(name);
    samples.set(operation, read.samples);
  }
  return samples;
}

async function answersOf(
  stage: number,
  { directory, names, damage, readLines }: ReadFolder,
): Promise<ReadonlyMap<string, readonly SearchAnswer[]>> {
  const answers = new Map<string, readonly SearchAnswer[]>();
  for (const name of names) {
    const operation = operationOfAnswersFile(stage, name);
    if (operation === null) continue;
    const found: SearchAnswer[] = [];
    await readLines(name, (line, number) => {
      const answer = damage.checked(answerSchema, line, `${path.join(directory, name)}:${number}`);
      if (answer !== null) found.push(answer);
    });
    answers.set(operation, found);
  }
  return answers;
}

/** Lines of a kind that a later version writes are left out. */
async function readStage(
  name: string,
  { directory, damage, readLines }: ReadFolder,
): Promise<Omit<RecordedStage, "samples"> | null> {
  const told: {
    begun: Pick<RecordedStage, "stage" | "engine" | "startedUs"> | null;
    end: RecordedStage["end"];
  } = { begun: null, end: null };
  const seconds: StageSecond[] = [];
  await readLines(name, (line, number) => {
    const where = `${path.join(directory, name)}:${number}`;
    if (has("second", line)) {
      const found = damage.checked(stageLineSchemas.second, line, where);
      if (found !== null) seconds.push(found.second);
    } else if (has("begun", line)) {
      told.begun = damage.checked(stageLineSchemas.begun, line, where)?.begun ?? null;
    } else if (has("ended", line)) {
      told.end = damage.checked(stageLineSchemas.ended, line, where)?.ended ?? null;
    }
  });
  const { begun, end } = told;
  return begun === null ? null : { ...begun, end, seconds };
}

function has(field: keyof typeof stageLineSchemas, line: unknown): boolean {
  return typeof line === "object" && line !== null && field in line;
}
