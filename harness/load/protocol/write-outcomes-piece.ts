import type { Outcome } from "../../model/sample.ts";
import type { WriteOutcomes } from "../../model/write-outcomes.ts";

/**
 * What became of some writes of one operation, by their numbers in the stage, as it travels: each outcome's as bits, the
 * lowest first, in base64; the first bit stands for `from`.
 */
export interface WriteOutcomesPiece extends Readonly<Record<Outcome, string>> {
  readonly operation: string;
  readonly from: number;
}

/** Numbers of one piece: three times 44 kB of text at most. */
const NUMBERS_OF_A_PIECE = 2 ** 18;

/** All that is known, in pieces that are no burden to whoever carries them. */
export function* inPieces({ operation, numbers }: WriteOutcomes): Iterable<WriteOutcomesPiece> {
  const { ok, failed, unknown } = numbers;
  const end = Math.max(ok.end, failed.end, unknown.end);
  for (let from = 0; from < end; from += NUMBERS_OF_A_PIECE) {
    const bits = (outcome: Outcome): string =>
      Buffer.from(numbers[outcome].bytes(from, from + NUMBERS_OF_A_PIECE)).toString("base64");
    yield { operation, from, ok: bits("ok"), failed: bits("failed"), unknown: bits("unknown") };
  }
}

export function addPiece({ numbers }: WriteOutcomes, piece: WriteOutcomesPiece): void {
  for (const outcome of ["ok", "failed", "unknown"] as const) {
    numbers[outcome].addBytes(piece.from, Buffer.from(piece[outcome], "base64"));
  }
}
