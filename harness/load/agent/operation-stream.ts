import type { Micros } from "../../model/clock.ts";
import type { Acknowledgement, StreamName } from "../../model/sample.ts";
import type { SampleRow } from "../protocol/sample-row.ts";
import type { Connections } from "./connections.ts";
import type { Ran, Rows } from "../wire/database-connection.ts";
import { classify, clientCodes } from "../wire/outcomes.ts";

export interface OperationStreamOptions {
  readonly name: StreamName;
  readonly kind: "read" | "write";
  readonly sql: string;
  readonly parameters: (id: number) => readonly (string | number)[];
  /** Who acknowledged, from the answer's rows; null where they do not say. */
  readonly acknowledgement: (rows: Rows) => Acknowledgement | null;
  readonly connections: Connections;
  /** Bound on each operation, from its intended start. */
  readonly timeoutMs: number;
  /** Operations in flight at most; what is due beyond it is recorded as never sent. */
  readonly inFlightLimit: number;
  readonly nowUs: () => Micros;
  /** Called when the first operation on a connection was served, with the moment the connection was ready. */
  readonly onFirstServed: (readyNs: bigint) => void;
}

/** Sends one stream's operations, and keeps what became of each until it is collected. */
export class OperationStream {
  readonly name: StreamName;
  readonly #options: OperationStreamOptions;
  /** Intended starts by id, oldest first. */
  readonly #inFlight = new Map<number, Micros>();
  #rows: SampleRow[] = [];
  #lags: Micros[] = [];
  #begun = 0;
  neverSent = 0;

  constructor(options: OperationStreamOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** Begins the next operation and returns at once. */
  begin(intendedUs: Micros): void {
    const id = ++this.#begun;
    const startUs = this.#options.nowUs();
    this.#lags.push(startUs - intendedUs);
    if (this.#inFlight.size >= this.#options.inFlightLimit || this.#leftMs(intendedUs) <= 0) {
      this.neverSent += 1;
      this.#rows.push([id, intendedUs, startUs, startUs, "failed", clientCodes.neverSent]);
      return;
    }
    this.#inFlight.set(id, intendedUs);
    void this.#perform(id, intendedUs).then((ran) => {
      const { outcome, code } = classify(this.#options.kind, ran);
      const endUs = this.#options.nowUs();
      const by = outcome === "ok" && ran.kind === "answered" ? this.#options.acknowledgement(ran.rows) : null;
      const row = [id, intendedUs, startUs, endUs, outcome, code] as const;
      this.#rows.push(by === null ? row : [...row, by]);
      this.#inFlight.delete(id);
    });
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Everything intended before this moment is settled; `nextUs` is the intended start of what begins next. */
  knownToUs(nextUs: Micros): Micros {
    const oldest = this.#inFlight.values().next();
    return oldest.done === true ? nextUs : oldest.value;
  }

  /** What was settled since the last call. */
  takeRows(): readonly SampleRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  /** How late operations began since the last call. */
  takeLags(): readonly Micros[] {
    const lags = this.#lags;
    this.#lags = [];
    return lags;
  }

  async #perform(id: number, intendedUs: Micros): Promise<Ran> {
    const { connections, sql, parameters, onFirstServed } = this.#options;
    const values = parameters(id);
    const taken = await connections.take(this.#leftMs(intendedUs));
    if (taken.kind === "not-connected") return { kind: "not-sent", code: taken.code, text: "no connection" };
    const { connection } = taken;
    const leftMs = this.#leftMs(intendedUs);
    if (leftMs <= 0) {
      connections.give(connection);
      return { kind: "not-sent", code: clientCodes.connectTimeout, text: "no time left" };
    }
    const isNew = !connection.served;
    const ran = await connection.run(sql, values, leftMs);
    if (ran.kind === "answered" && isNew) onFirstServed(connection.readyNs);
    connections.give(connection);
    return ran;
  }

  #leftMs(intendedUs: Micros): number {
    return this.#options.timeoutMs - (this.#options.nowUs() - intendedUs) / 1000;
  }
}
