import type { Random, WorkloadOperation } from "../../../../model/workload.ts";
import type { AnswerRow } from "../../../protocol/answer-row.ts";
import type { AnswersKept, InFlight } from "../sessions/in-flight.ts";

/** Answers that are kept of each second by all agents together, whatever the rate, nearly: about 50 kB of ten rows each. */
const KEPT_PER_INTERVAL = 200;

/**
 * Of one kind of search, one in so many answers, and of each interval about as many as there is room for. Whether it is kept
 * is decided when the search is sent, by a share that rests on how many were sent in the interval before: so rows of others
 * are never read (at a high rate they would cost more than all the rest of a search's client), and a slow answer is kept as
 * often as a quick one, whatever else was answered meanwhile. A rate that grows suddenly fills twice the room at most.
 */
export class AnswerKeeper implements AnswersKept {
  readonly #query: number;
  readonly #oneIn: number;
  readonly #room: number;
  readonly #random: Random;
  #sent = -1;
  /** Of this interval: sent, and one in so many. */
  #eligible = 0;
  #wanted = 0;
  /** Of those that are sent in this interval. */
  #share = 1;
  #kept: AnswerRow[] = [];

  /** undefined: its answers are not looked at. */
  static of(operation: WorkloadOperation, random: Random, agents: number): AnswerKeeper | undefined {
    const { search, variables } = operation;
    if (search === undefined || search.keepsOneIn === 0) return undefined;
    const query = variables.findIndex(({ name }) => name === search.query);
    return new AnswerKeeper(query, search.keepsOneIn, Math.ceil(KEPT_PER_INTERVAL / agents), random);
  }

  private constructor(query: number, oneIn: number, room: number, random: Random) {
    this.#query = query;
    this.#oneIn = oneIn;
    this.#room = room;
    this.#random = random;
  }

  /** Asked when a search is sent: whether its rows are to be read. The first one's are, so that few have some too. */
  wants(): boolean {
    this.#sent = (this.#sent + 1) % this.#oneIn;
    if (this.#sent !== 0) return false;
    this.#eligible += 1;
    if (this.#wanted >= 2 * this.#room || (this.#share < 1 && this.#random() >= this.#share)) return false;
    this.#wanted += 1;
    return true;
  }

  offer(inFlight: InFlight): void {
    const { rows } = inFlight;
    if (rows !== null) this.#kept.push(rowOf(inFlight, rows, this.#query));
  }

  /** What was kept since the last call: the interval is over. */
  take(): readonly AnswerRow[] {
    const kept = this.#kept;
    this.#kept = [];
    this.#share = Math.min(1, this.#room / Math.max(1, this.#eligible));
    this.#eligible = 0;
    this.#wanted = 0;
    return kept;
  }
}

/** The statement gives `id` and `distance`. */
function rowOf(
  { drawn, intendedUs }: InFlight,
  rows: readonly (readonly (string | null)[])[],
  query: number,
): AnswerRow {
  return [
    Number(drawn[query]),
    Math.round(intendedUs),
    rows.map(([id]) => Number(id)),
    rows.map(([, distance]) => Number(distance)),
  ];
}
