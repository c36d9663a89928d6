import type { Random, WorkloadOperation } from "../../../../model/workload.ts";
import type { AnswerRow } from "../../../protocol/answer-row.ts";
import type { AnswersKept, InFlight } from "../sessions/in-flight.ts";

/** Answers that are kept of each second by all agents together, whatever the rate: about 50 kB of ten rows each. */
const KEPT_PER_INTERVAL = 200;

/**
 * Of one kind of search, a uniform choice of one in so many answers of each interval, and of no more than there is room for.
 * Which it may be is drawn when the search is sent (Vitter, "Random sampling with a reservoir", algorithm R), so that rows
 * which would not be kept are never read: at a high rate they would cost more than all the rest of a search's client.
 */
export class AnswerKeeper implements AnswersKept {
  readonly #query: number;
  readonly #oneIn: number;
  readonly #room: number;
  readonly #random: Random;
  #sent = -1;
  /** Of this interval. */
  #drawn = 0;
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
    this.#drawn += 1;
    return this.#drawn <= this.#room || this.#random() * this.#drawn < this.#room;
  }

  offer(inFlight: InFlight): void {
    const { rows } = inFlight;
    if (rows === null) return;
    const place = this.#kept.length < this.#room ? this.#kept.length : this.#place();
    this.#kept[place] = rowOf(inFlight, rows, this.#query);
  }

  /** What was kept since the last call: the interval is over. */
  take(): readonly AnswerRow[] {
    const kept = this.#kept;
    this.#kept = [];
    this.#drawn = 0;
    return kept;
  }

  /** Of one that was kept before and makes room. */
  #place(): number {
    return Math.floor(this.#random() * this.#room);
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
