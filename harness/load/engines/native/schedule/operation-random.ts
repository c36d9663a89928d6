import type { Random } from "../../../../model/workload.ts";

/** Chance that begins anew with each operation, so that what is drawn for it does not depend on who sends it. */
export interface OperationRandom {
  readonly next: Random;
  /** Begins the sequence of this operation of the stage. */
  begin(operation: number): void;
}

/**
 * mulberry32 (Tommy Ettinger, public domain), begun at a state that the finalizer of MurmurHash3 (Austin Appleby,
 * public domain) makes from seed, stage and operation: two multiplications instead of the warm-up rounds that a
 * generator with more state needs before each operation.
 */
export function operationRandom(seed: number, stage: number): OperationRandom {
  const high = Math.floor(seed / 2 ** 32) | 0;
  const base = mixed(mixed((seed | 0) ^ mixed(high)) ^ Math.imul(stage, 0x9e3779b1));
  let state = 0;
  return {
    begin: (operation) => {
      state = mixed(base ^ Math.imul(operation | 0, 0x85ebca77)) >>> 0;
    },
    next: () => {
      state = (state + 0x6d2b79f5) | 0;
      let word = Math.imul(state ^ (state >>> 15), state | 1);
      word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
      return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}

function mixed(word: number): number {
  let hash = word | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
