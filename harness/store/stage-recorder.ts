import type { RecordingWriter } from "../model/recording.ts";
import type { StageSecond } from "../model/stage.ts";
import { SAMPLES_HEADER, sampleLine } from "./sample-columns.ts";
import { type StageLine, stageFile, stageHistogramsFile, stageSamplesFile } from "./stage-files.ts";
import { stageHistograms } from "./stage-histograms.ts";

/** Writes one line, or several with line ends between them, at the end of a file; `firstLine` when the file is new. */
type AppendTo = (name: string, lines: string, firstLine?: string) => void;

/** The part of a recording that stages write. */
export type StageRecorder = Pick<
  RecordingWriter,
  "stageBegun" | "stageSecond" | "stageSamples" | "stageEnded"
> & {
  /** Writes the histograms of stages that have not ended. */
  finish(): void;
};

/**
 * Seconds and samples are handed on as they come. The `.hlog` files are made from the seconds when a stage has ended:
 * adding histograms up takes time that the load should have.
 */
export function stageRecorder(appendTo: AppendTo): StageRecorder {
  const open = new Map<number, StageSecond[]>();
  const write = (stage: number, line: StageLine): void => appendTo(stageFile(stage), JSON.stringify(line));
  const writeHistograms = (stage: number): void => {
    const seconds = open.get(stage) ?? [];
    open.delete(stage);
    for (const { operation, metric, text } of stageHistograms(seconds)) {
      appendTo(stageHistogramsFile(stage, operation, metric), text);
    }
  };
  return {
    stageBegun(stage, engine, startedUs) {
      open.set(stage.stage, []);
      write(stage.stage, { begun: { stage, engine, startedUs } });
    },
    stageSecond(second) {
      open.get(second.stage)?.push(second);
      write(second.stage, { second });
    },
    stageSamples(stage, operation, batch) {
      if (batch.length === 0) return;
      appendTo(stageSamplesFile(stage, operation), batch.map(sampleLine).join("\n"), SAMPLES_HEADER);
    },
    stageEnded(stage, end, atUs) {
      write(stage, { ended: { ...end, atUs } });
      writeHistograms(stage);
    },
    finish() {
      for (const stage of open.keys()) writeHistograms(stage);
    },
  };
}
