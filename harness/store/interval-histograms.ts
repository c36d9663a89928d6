import { build, HistogramLogWriter, type Histogram } from "hdr-histogram-js";
import type { Sample } from "../model/sample.ts";

/** Seconds that an interval stays open for samples that arrive out of order. */
const GRACE_SECONDS = 2;

/** Latency of one stream as HdrHistogram's own log: one interval per second of the recording, microseconds. */
export interface IntervalHistograms {
  add(samples: readonly Sample[]): void;
  /** Writes the intervals that are still open. */
  finish(): void;
}

/**
 * Latency counts from the intended start, over operations that ended ok; an interval holds those that ended in it.
 * `writeLine` gets the log's lines without line ends.
 */
export function intervalHistograms(writeLine: (line: string) => void): IntervalHistograms {
  const log = new HistogramLogWriter((text) => {
    for (const line of text.split("\n")) if (line !== "") writeLine(line);
  });
  log.outputLogFormatVersion();
  log.outputComment(
    "[Latency from the intended start of operations that ended ok, microseconds; times are the recording's]",
  );
  log.outputLegend();
  const open = new Map<number, Histogram>();
  /** Emptied ones, used again: making one anew each second is work for the garbage collector. */
  const spare: Histogram[] = [];
  let lastWritten = -1;

  const writeUpTo = (second: number): void => {
    for (const at of [...open.keys()].filter((key) => key <= second).sort((a, b) => a - b)) {
      const histogram = open.get(at);
      open.delete(at);
      lastWritten = at;
      if (histogram === undefined) continue;
      log.outputIntervalHistogram(histogram, at, at + 1, 1);
      histogram.reset();
      spare.push(histogram);
    }
  };

  return {
    add(samples) {
      for (const sample of samples) {
        if (sample.outcome !== "ok") continue;
        const second = Math.max(Math.floor(sample.endUs / 1_000_000), lastWritten + 1);
        let histogram = open.get(second);
        if (histogram === undefined) {
          histogram = spare.pop() ?? newHistogram();
          open.set(second, histogram);
          writeUpTo(second - GRACE_SECONDS - 1);
        }
        histogram.recordValue(Math.max(0, sample.endUs - sample.intendedUs));
      }
    },
    finish() {
      writeUpTo(Number.POSITIVE_INFINITY);
    },
  };
}

function newHistogram(): Histogram {
  return build({ bitBucketSize: 32, autoResize: true, numberOfSignificantValueDigits: 3 });
}
