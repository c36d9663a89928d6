import type { RecordedStage, StageSecond } from "../model/stage.ts";
import type { Sample } from "../model/sample.ts";
import { toSamples } from "./sample-columns.ts";
import { operationOfSamplesFile, type StageLine, stageOfFile } from "./stage-files.ts";

/** The stages of a benchmark, in order. One whose first line was cut off is left out; `lines` reads a file's values. */
export async function readStages(
  names: readonly string[],
  lines: (name: string) => Promise<readonly unknown[]>,
): Promise<readonly RecordedStage[]> {
  const stages: RecordedStage[] = [];
  for (const name of names) {
    const number = stageOfFile(name);
    if (number === null) continue;
    const stage = toStage((await lines(name)) as readonly StageLine[], await samplesOf(number, names, lines));
    if (stage !== null) stages.push(stage);
  }
  return stages.sort((a, b) => a.stage.stage - b.stage.stage);
}

async function samplesOf(
  stage: number,
  names: readonly string[],
  lines: (name: string) => Promise<readonly unknown[]>,
): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const samples = new Map<string, readonly Sample[]>();
  for (const name of names) {
    const operation = operationOfSamplesFile(stage, name);
    if (operation !== null) samples.set(operation, toSamples(await lines(name)));
  }
  return samples;
}

function toStage(lines: readonly StageLine[], samples: RecordedStage["samples"]): RecordedStage | null {
  let begun: Pick<RecordedStage, "stage" | "engine" | "startedUs"> | null = null;
  let end: RecordedStage["end"] = null;
  const seconds: StageSecond[] = [];
  for (const line of lines) {
    if ("begun" in line) begun = line.begun;
    else if ("second" in line) seconds.push(line.second);
    else end = line.ended;
  }
  return begun === null ? null : { ...begun, end, seconds, samples };
}
