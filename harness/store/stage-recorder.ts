import type { RecordingWriter } from "../model/recording.ts";
import type { StageSecond } from "../model/stage.ts";
import { SAMPLES_HEADER, sampleLine } from "./sample-columns.ts";
import { answerLine } from "./answer-line.ts";
import {
  type StageLine,
  stageAnswersFile,
  stageFile,
  stageHistogramsFile,
  stageSamplesFile,
} from "./stage-files.ts";
import { stageHistograms } from "./stage-histograms.ts";

/** The files that a recorder of stages writes. */
interface StageStore {
  /** Writes one line, or several with line ends between them, at the end of a file; `firstLine` when the file is new. */
  readonly appendTo: (name: string, lines: string, firstLine?: string) => void;
  /** Gives `take` the lines of a file, one after the other, as far as they can be read back. */
  readonly readBack: (name: string, take: (lines: Iterable<string>) => void) => void;
}

/** The part of a recording that stages write. */
export type StageRecorder = Pick<
  RecordingWriter,
  "stageBegun" | "stageSecond" | "stageSamples" | "stageAnswers" | "stageSeconds" | "stageEnded"
> & {
  /** Writes the histograms of stages that have not ended. */
  finish(): void;
};

/**
 * Seconds and samples are handed on as they come, and not kept: a stage may last a day. The `.hlog` files are made from
 * the seconds on disk when a stage has ended: adding histograms up takes time that the load should have.
 */
export function stageRecorder({ appendTo, readBack }: StageStore): StageRecorder {
  const open = new Set<number>();
  const write = (stage: number, line: StageLine): void => appendTo(stageFile(stage), JSON.stringify(line));
  const writeHistograms = (stage: number): void => {
    open.delete(stage);
    readBack(stageFile(stage), (lines) => {
      stageHistograms(secondsOf(lines), ({ operation, metric, line }) =>
        appendTo(stageHistogramsFile(stage, operation, metric), line),
      );
    });
  };
  return {
    stageBegun(stage, engine, startedUs) {
      open.add(stage.stage);
      write(stage.stage, { begun: { stage, engine, startedUs } });
    },
    stageSecond(second) {
      write(second.stage, { second });
    },
    stageSamples(stage, operation, batch) {
      if (batch.length === 0) return;
      appendTo(stageSamplesFile(stage, operation), batch.map(sampleLine).join("\n"), SAMPLES_HEADER);
    },
    stageAnswers(stage, operation, batch) {
      if (batch.length > 0) appendTo(stageAnswersFile(stage, operation), batch.map(answerLine).join("\n"));
    },
    stageSeconds(stage) {
      let seconds: readonly StageSecond[] = [];
      readBack(stageFile(stage), (lines) => (seconds = [...secondsOf(lines)]));
      return seconds;
    },
    stageEnded(stage, end, atUs) {
      write(stage, { ended: { ...end, atUs } });
      writeHistograms(stage);
    },
    finish() {
      for (const stage of open) writeHistograms(stage);
    },
  };
}

/** Of a stage's own file. */
function* secondsOf(lines: Iterable<string>): Iterable<StageSecond> {
  for (const line of lines) {
    const told = JSON.parse(line) as StageLine;
    if ("second" in told) yield told.second;
  }
}
