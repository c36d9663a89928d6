import { setMaxListeners } from "node:events";
import type { EngineConnection, EngineDialled } from "../../../wire/engine-connection.ts";

/** Connects and logs in within `withinMs`. Never rejects. */
export type Dial = (withinMs: number, cancelled?: AbortSignal) => Promise<EngineDialled>;

/** Wants a connection, and is told how each attempt to make one ended. */
export interface Applicant {
  connected(connection: EngineConnection): void;
  refused(code: string, text: string): void;
}

/** Log-ins under way at once, at most: more would compete with the operations for the server. */
const DIALS_AT_ONCE = 16;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;

/**
 * Makes connections until the applicants have them. The first attempt after a loss is made at once, those after a
 * failure with growing pauses (0.1 s, doubled up to 1 s), so that a log-in that keeps failing does not spin.
 */
export class Dialler {
  readonly #dial: Dial;
  readonly #withinMs: number;
  readonly #waiting: Applicant[] = [];
  readonly #pauses = new Map<Applicant, number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #stopped = new AbortController();
  #dialling = 0;
  /** Attempts that have ended. */
  tried = 0;

  constructor(dial: Dial, withinMs: number) {
    // One listener for each dial under way is no leak.
    setMaxListeners(0, this.#stopped.signal);
    this.#dial = dial;
    this.#withinMs = withinMs;
  }

  /** Dials for it until it is connected, or `stop`. */
  request(applicant: Applicant): void {
    this.#waiting.push(applicant);
    this.#dialNext();
  }

  stop(): void {
    this.#waiting.length = 0;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#stopped.abort();
  }

  #dialNext(): void {
    while (this.#dialling < DIALS_AT_ONCE && !this.#stopped.signal.aborted) {
      const applicant = this.#waiting.shift();
      if (applicant === undefined) return;
      this.#dialling += 1;
      void this.#dial(this.#withinMs, this.#stopped.signal).then((dialled) => {
        this.#dialling -= 1;
        this.tried += 1;
        this.#tell(applicant, dialled);
        this.#dialNext();
      });
    }
  }

  #tell(applicant: Applicant, dialled: EngineDialled): void {
    if (this.#stopped.signal.aborted) {
      if (dialled.kind === "connected") dialled.connection.close();
      return;
    }
    if (dialled.kind === "connected") {
      this.#pauses.delete(applicant);
      applicant.connected(dialled.connection);
      return;
    }
    const pauseMs = this.#pauses.get(applicant) ?? FIRST_PAUSE_MS;
    this.#pauses.set(applicant, Math.min(2 * pauseMs, LONGEST_PAUSE_MS));
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.request(applicant);
    }, pauseMs);
    this.#timers.add(timer);
    applicant.refused(dialled.code, dialled.text);
  }
}
