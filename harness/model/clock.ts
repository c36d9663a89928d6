/**
 * A moment on the recording's own clock: whole microseconds of the host's monotonic clock since the
 * recording began. Every sample and every event of a run carries it, so that they can be compared.
 */
export type Micros = number;

/** Time as the harness sees it. Injected everywhere, so that tests run without waiting. */
export interface Clock {
  /** Now, on the recording's clock. */
  nowUs(): Micros;
  /** Wall-clock time, for labels and file names only; durations never come from it. */
  wallTime(): Date;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
