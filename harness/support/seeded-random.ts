import type { Random } from "../model/workload.ts";

/**
 * A deterministic source of chance for one purpose of one run: equal seed and purpose, equal sequence. sfc32 of
 * PractRand (Chris Doty-Humphrey, http://pracrand.sourceforge.net), seeded as its author does: 12 rounds discarded.
 */
export function seededRandom(seed: number, purpose: string): Random {
  let a = seed | 0;
  let b = fnv1a(purpose);
  let c = Math.floor(seed / 2 ** 32) | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 12; round += 1) next();
  return next;
}

/** FNV-1a, 32 bits (RFC 9923): spreads the purpose's name over the second word of the seed. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}
