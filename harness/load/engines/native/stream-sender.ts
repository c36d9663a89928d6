import type { Micros } from "../../../model/clock.ts";
import type { Random } from "../../../model/workload.ts";
import { StreamRecorder, type RecordedStream } from "./record/stream-recorder.ts";
import type { EngineClock } from "./schedule/engine-clock.ts";
import { OpenLoad } from "./schedule/open-load.ts";
import { mergedSchedule, type OpenSchedule } from "./schedule/open-schedule.ts";
import { ScheduleAhead } from "./schedule/schedule-ahead.ts";
import { Sender } from "./sender.ts";

/** Operations of one kind, sent on a schedule of their own for as long as nobody stops them. */
export interface Stream extends RecordedStream {
  readonly schedule: OpenSchedule;
  /** Draws the values. */
  readonly random: Random;
  /** Operations in flight at most; what is due beyond it is never sent. */
  readonly inFlightLimit: number;
}

/** Sends streams side by side, each at the position of its operation's index. */
export function startStreamSender(options: {
  readonly streams: readonly Stream[];
  readonly startedUs: Micros;
  readonly clock: EngineClock;
  readonly epochNs: bigint;
  readonly onError: (error: Error) => void;
}): Sender<StreamRecorder> {
  const { streams, startedUs, clock, epochNs, onError } = options;
  const { nowUs } = clock;
  const schedule = new ScheduleAhead(mergedSchedule(streams.map((stream) => stream.schedule)), startedUs);
  const limits = new Map(streams.map(({ route, inFlightLimit }) => [route, inFlightLimit]));
  return new Sender({
    routes: streams.map(({ route }) => route),
    source: (begin) => new OpenLoad({ schedule, nowUs, begin }),
    choose: (_client, number) => {
      const stream = streams[number % streams.length];
      if (stream === undefined) throw new Error("Expected an operation of a stream, found none");
      return { route: stream.route, id: 1 + Math.floor(number / streams.length), random: stream.random };
    },
    isFull: (route) => route.deadlines.length >= (limits.get(route) ?? Infinity),
    retry: null,
    recorder: () => new StreamRecorder(streams, schedule),
    endUs: Infinity,
    pacing: "sleep",
    schedule: schedule.shared,
    nowUs,
    epochNs,
    onError,
  });
}
