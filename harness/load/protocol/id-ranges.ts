/** Inclusive. */
export type IdRange = readonly [from: number, to: number];

/** So many ids are one word of bits: a bigint's. */
const IDS_OF_A_WORD = 64;

/**
 * Gives the ids for which `where` is true, 64 at a time as a word of bits, the lowest bit for the first: rows of inclusive,
 * ascending ranges of ids, with the bits that all words in it have; null: all of them. Ids go into their words as they
 * are read, so that nothing but words is ever sorted: of whole stretches, and of the pattern that a lost shard leaves, few
 * rows come of however many ids, and of gaps by chance one for 64 ids at most. An id that is there twice is there. `offset
 * 0` hides from the planner how many different ids there are, or it would think that there are as many words, and sort.
 */
export function idRangesSql(table: string, where: string): string {
  return `select (${IDS_OF_A_WORD} * min(word))::text as "from",
                 (${IDS_OF_A_WORD} * max(word) + ${IDS_OF_A_WORD - 1})::text as "to", nullif(bits, -1)::text as "bits"
            from (select word, bits, word - row_number() over (partition by bits order by word) as run
                    from (select word, bit_or(bit) as bits
                            from (select id >> 6 as word, 1::bigint << (id & 63)::integer as bit
                                    from (select id from ${quoted(table)} where ${where}) as present offset 0) as ids
                           group by word) as words) as runs
           group by bits, run order by min(word)`;
}

/** The ranges of such rows, in ascending order. No two touch. */
export function* rangesOf(rows: Iterable<Readonly<Record<string, unknown>>>): Iterable<IdRange> {
  let open: [from: number, to: number] | null = null;
  for (const [from, to] of piecesOf(rows)) {
    if (open !== null && from === open[1] + 1) open[1] = to;
    else {
      if (open !== null) yield open;
      open = [from, to];
    }
  }
  if (open !== null) yield open;
}

/** The same, cut where words begin. */
function* piecesOf(rows: Iterable<Readonly<Record<string, unknown>>>): Iterable<IdRange> {
  for (const row of rows) {
    const [first, last] = [Number(row.from), Number(row.to)];
    if (row.bits == null) {
      yield [first, last];
      continue;
    }
    const pieces = piecesOfWord(BigInt(row.bits as string));
    for (let word = first; word < last; word += IDS_OF_A_WORD) {
      for (const [from, to] of pieces) yield [word + from, word + to];
    }
  }
}

function piecesOfWord(bits: bigint): readonly IdRange[] {
  const pieces: [from: number, to: number][] = [];
  for (let at = 0; at < IDS_OF_A_WORD; at += 1) {
    if ((bits & (1n << BigInt(at))) === 0n) continue;
    const last = pieces.at(-1);
    if (last?.[1] === at - 1) last[1] = at;
    else pieces.push([at, at]);
  }
  return pieces;
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
