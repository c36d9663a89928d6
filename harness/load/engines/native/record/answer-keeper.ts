import type { Random, WorkloadOperation } from "../../../../model/workload.ts";
import type { AnswerRow } from "../../../protocol/answer-row.ts";
import { Reservoir } from "../../reservoir.ts";
import type { InFlight } from "../sessions/in-flight.ts";

/** Answers that are kept of each second by all agents together, whatever the rate: about 50 kB of ten rows each. */
const KEPT_PER_INTERVAL = 200;

/** Of one kind of search, a uniform choice of the answers of each interval whose rows were read. */
export class AnswerKeeper {
  readonly #query: number;
  readonly #room: number;
  readonly #random: Random;
  #reservoir: Reservoir<AnswerRow>;

  /** null: its answers are not looked at. */
  static of(operation: WorkloadOperation, random: Random, agents: number): AnswerKeeper | null {
    const { search, variables } = operation;
    if (search === undefined || search.keepsOneIn === 0) return null;
    const query = variables.findIndex(({ name }) => name === search.query);
    return new AnswerKeeper(query, Math.ceil(KEPT_PER_INTERVAL / agents), random);
  }

  private constructor(query: number, room: number, random: Random) {
    this.#query = query;
    this.#room = room;
    this.#random = random;
    this.#reservoir = new Reservoir(room, random);
  }

  offer(inFlight: InFlight): void {
    const { rows } = inFlight;
    if (rows !== null) this.#reservoir.offer(() => rowOf(inFlight, rows, this.#query));
  }

  /** What was kept since the last call: the interval is over. */
  take(): readonly AnswerRow[] {
    const { kept } = this.#reservoir;
    this.#reservoir = new Reservoir(this.#room, this.#random);
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
