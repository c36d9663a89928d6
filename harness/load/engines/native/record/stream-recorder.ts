import type { Micros } from "../../../../model/clock.ts";
import type { Acknowledgement, Outcome, StreamName } from "../../../../model/sample.ts";
import type { SampleRow } from "../../../protocol/sample-row.ts";
import type { Recorder } from "../sender.ts";
import type { InFlight, Route } from "../sessions/in-flight.ts";

/** What of a stream its recorder has to know. */
export interface RecordedStream {
  readonly name: StreamName;
  readonly route: Route;
  /** How late its operations began is told: nothing but the client itself can be the reason. */
  readonly isProbe: boolean;
  /** Who acknowledged, from the row of an answer. */
  readonly acknowledgement: (row: InFlight["row"]) => Acknowledgement | null;
}

/**
 * Makes a row of every operation, those that were never sent among them, and keeps it until it is taken. A stream's are
 * tried once: what an outage does to them is what is asked.
 */
export class StreamRecorder implements Recorder {
  readonly #streams: readonly RecordedStream[];
  readonly #nextIntendedUs: () => Micros;
  /** By position of the stream. */
  readonly #rows: SampleRow[][];
  #lags: Micros[] = [];
  /** Operations that were, so far. */
  neverSentSoFar = 0;

  /** `nextIntendedUs`: of what begins next; everything before it has begun. */
  constructor(streams: readonly RecordedStream[], nextIntendedUs: () => Micros) {
    this.#streams = streams;
    this.#nextIntendedUs = nextIntendedUs;
    this.#rows = streams.map(() => []);
  }

  began({ route, noticedUs, intendedUs }: InFlight): void {
    if (this.#streams[route.operation.index]?.isProbe === true)
      this.#lags.push(Math.round(noticedUs - intendedUs));
  }

  neverSent(): void {
    this.neverSentSoFar += 1;
  }

  completed(inFlight: InFlight, nowUs: Micros, outcome: Outcome, code: string | null): void {
    const { id, route, intendedUs, noticedUs } = inFlight;
    const { index } = route.operation;
    const by = outcome === "ok" ? this.#streams[index]?.acknowledgement(inFlight.row) : null;
    const times = [Math.round(intendedUs), Math.round(noticedUs), Math.round(nowUs)] as const;
    this.#rows[index]?.push(by == null ? [id, ...times, outcome, code] : [id, ...times, outcome, code, by]);
  }

  /** What has completed since the last call. `knownToUs`: everything intended before it has. */
  takeRows(): readonly { stream: StreamName; knownToUs: Micros; rows: readonly SampleRow[] }[] {
    return this.#streams.map(({ name, route }, index) => {
      const rows = this.#rows[index] ?? [];
      this.#rows[index] = [];
      const knownToUs = route.deadlines.first?.intendedUs ?? this.#nextIntendedUs();
      return { stream: name, knownToUs: Math.round(knownToUs), rows };
    });
  }

  /** How late the probes' operations began since the last call. */
  takeLags(): readonly Micros[] {
    const lags = this.#lags;
    this.#lags = [];
    return lags;
  }
}
