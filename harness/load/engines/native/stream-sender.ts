import type { Micros } from "../../../model/clock.ts";
import type { Random } from "../../../model/workload.ts";
import { StreamRecorder, type RecordedStream } from "./record/stream-recorder.ts";
import type { EngineClock } from "./schedule/engine-clock.ts";
import { mergedSchedule, type OpenSchedule } from "./schedule/open-schedule.ts";
import { PacedLoad } from "./schedule/paced-load.ts";
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
  const schedule = mergedSchedule(streams.map((stream) => stream.schedule));
  const routes = streams.map(({ route }) => route);
  const limits = new Map(streams.map(({ route, inFlightLimit }) => [route, inFlightLimit]));
  let nextIntendedUs = (): Micros => startedUs;
  return new Sender({
    routes,
    source: (outlet) => {
      const load = new PacedLoad({ schedule, startedUs, routes, nowUs, outlet });
      nextIntendedUs = () => load.nextIntendedUs;
      return load;
    },
    choose: (_client, number) => {
      const stream = streams[number % streams.length];
      if (stream === undefined) throw new Error("Expected an operation of a stream, found none");
      return { route: stream.route, id: 1 + Math.floor(number / streams.length), random: stream.random };
    },
    isFull: (route) => route.deadlines.length >= (limits.get(route) ?? Infinity),
    retry: null,
    recorder: () => new StreamRecorder(streams, nextIntendedUs),
    endUs: Infinity,
    nowUs,
    epochNs,
    onError,
  });
}
