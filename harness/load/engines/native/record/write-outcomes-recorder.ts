import type { Outcome } from "../../../../model/sample.ts";
import { noOutcomes, type WriteOutcomes } from "../../../../model/write-outcomes.ts";
import { inPieces, type WriteOutcomesPiece } from "../../../protocol/write-outcomes-piece.ts";

/**
 * Numbers up to this are kept: a bit each for ok, failed and unknown, so 24 MB at most. At 20,000/s that is reached after
 * 55 minutes. The rest are missed by whoever counts; then not all was told, and counts are all there is.
 */
const MOST_NUMBERS = 2 ** 26;

/** What became of each write whose row carries its number. */
export class WriteOutcomesRecorder {
  readonly #firstId: number;
  /** By position of the operation; null: its rows carry no number. */
  readonly #outcomes: readonly (WriteOutcomes | null)[];

  constructor(
    operations: readonly { readonly name: string; readonly ledgerTable: string | null }[],
    firstId: number,
  ) {
    this.#firstId = firstId;
    this.#outcomes = operations.map(({ name, ledgerTable }) =>
      ledgerTable === null ? null : noOutcomes(name, firstId),
    );
  }

  completed(operation: number, id: number, outcome: Outcome): void {
    const number = id - this.#firstId;
    if (number < MOST_NUMBERS) this.#outcomes[operation]?.numbers[outcome].add(number);
  }

  *pieces(): Iterable<WriteOutcomesPiece> {
    for (const outcomes of this.#outcomes) if (outcomes !== null) yield* inPieces(outcomes);
  }
}
