import type { Micros } from "./clock.ts";
import type { Sample } from "./sample.ts";

/** Samples of one stream, each made anew when it is asked for: whoever reads them cannot tell how they are kept. */
export interface Samples extends Iterable<Sample> {
  readonly length: number;
  /** Counted from the end where negative, as an array does. */
  at(index: number): Sample | undefined;
}

/** How a sample ended: what many samples have in common, and share. */
export type Ending = Pick<Sample, "outcome" | "code" | "acknowledgedBy">;

const served: Ending = { outcome: "ok", code: null };

/** Where samples go one after the other. */
export interface SampleSink {
  add(id: number, intendedUs: Micros, startUs: Micros, endUs: Micros, ending: Ending): void;
}

/** The samples in order of intended start; those that are due at once, in the order in which they came. */
export function inOrder(samples: Samples): Samples {
  return samples instanceof SampleColumns ? samples : toColumns(samples);
}

/** The same, in columns. */
export function toColumns(samples: Iterable<Sample>): SampleColumns {
  const columns = new ColumnsBuilder();
  tellEach(samples, columns);
  return columns.finish();
}

/** Tells the sink of each sample, in their order: of millions in a third of the time that making each anew takes. */
export function tellEach(samples: Iterable<Sample>, sink: SampleSink): void {
  if (samples instanceof SampleColumns) {
    samples.tell(sink);
    return;
  }
  for (const sample of samples) {
    const { id, intendedUs, startUs, endUs } = sample;
    sink.add(id, intendedUs, startUs, endUs, sample);
  }
}

/** The latest end of all; 0 of none. */
export function lastEndUs(samples: Samples): Micros {
  if (samples instanceof SampleColumns) return samples.lastEndUs;
  let latest = 0;
  for (const { endUs } of samples) latest = Math.max(latest, endUs);
  return latest;
}

/** So many samples are packed together. */
const CHUNK = 4096;
/** Samples that wait for others which were due before them, before the first of them are packed. */
const WAITING = 32_768;
/** A sample is put before so many others at most when it comes; one that belongs further before them is set in at the end. */
const MOST_OVERTAKEN = 8192;

/**
 * Samples in order of intended start, in some eight bytes each: whole hours of a stream fit into memory. In chunks of
 * 4096, whose columns hold how far each value is from a straight line, in as few bytes as that takes: numbers count up
 * by one, and operations are due at nearly even distances. Nothing is rounded: a column of values that do not fit so
 * holds them as they are.
 */
export class SampleColumns implements Samples {
  readonly #chunks: readonly Chunk[];
  readonly #endings: readonly Ending[];
  readonly length: number;
  /** The latest end of all; 0 of none. */
  readonly lastEndUs: Micros;

  constructor(chunks: readonly Chunk[], endings: readonly Ending[], lastEndUs: Micros) {
    this.#chunks = chunks;
    this.#endings = endings;
    this.length = chunks.reduce((sum, { length }) => sum + length, 0);
    this.lastEndUs = lastEndUs;
  }

  at(index: number): Sample | undefined {
    const from = index < 0 ? index + this.length : index;
    const chunk = this.#chunks[Math.floor(from / CHUNK)];
    const row = from % CHUNK;
    if (chunk === undefined || row >= chunk.length) return undefined;
    const intendedUs = valueAt(chunk.intendedUs, row);
    const startUs = valueAt(chunk.startUs, row) + (chunk.isRelative ? intendedUs : 0);
    const endUs = valueAt(chunk.endUs, row) + (chunk.isRelative ? startUs : 0);
    return this.#sample(valueAt(chunk.id, row), intendedUs, startUs, endUs, valueAt(chunk.ending, row));
  }

  *[Symbol.iterator](): Iterator<Sample> {
    for (const { length, id, intendedUs, startUs, endUs, ending } of this.#unpacked()) {
      for (let row = 0; row < length; row += 1) {
        yield this.#sample(
          id[row] ?? 0,
          intendedUs[row] ?? 0,
          startUs[row] ?? 0,
          endUs[row] ?? 0,
          ending[row] ?? 0,
        );
      }
    }
  }

  /** Tells the sink of each, in order. */
  tell(sink: SampleSink): void {
    for (const { length, id, intendedUs, startUs, endUs, ending } of this.#unpacked()) {
      for (let row = 0; row < length; row += 1) {
        const how = this.#endings[ending[row] ?? 0] ?? served;
        sink.add(id[row] ?? 0, intendedUs[row] ?? 0, startUs[row] ?? 0, endUs[row] ?? 0, how);
      }
    }
  }

  /** Each chunk's columns, in the same arrays every time. */
  *#unpacked(): Iterable<UnpackedChunk> {
    const [id, intendedUs, startUs, endUs, ending] = fiveColumns(CHUNK);
    for (const chunk of this.#chunks) {
      const { length } = chunk;
      unpack(chunk.id, length, id);
      unpack(chunk.intendedUs, length, intendedUs);
      unpack(chunk.startUs, length, startUs);
      unpack(chunk.endUs, length, endUs);
      unpack(chunk.ending, length, ending);
      if (chunk.isRelative) {
        for (let row = 0; row < length; row += 1) {
          const start = (startUs[row] ?? 0) + (intendedUs[row] ?? 0);
          startUs[row] = start;
          endUs[row] = (endUs[row] ?? 0) + start;
        }
      }
      yield { length, id, intendedUs, startUs, endUs, ending };
    }
  }

  #sample(id: number, intendedUs: Micros, startUs: Micros, endUs: Micros, ending: number): Sample {
    const { outcome, code, acknowledgedBy } = this.#endings[ending] ?? served;
    return acknowledgedBy === undefined
      ? { id, intendedUs, startUs, endUs, outcome, code }
      : { id, intendedUs, startUs, endUs, outcome, code, acknowledgedBy };
  }
}

/** Takes samples in any order, and soonest where they come nearly in order of intended start, as operations end. */
export class ColumnsBuilder implements SampleSink {
  readonly #chunks: Chunk[] = [];
  readonly #endings: Ending[] = [];
  readonly #numberOfEnding = new Map<string, number>();
  /** Those that wait, in order of intended start. */
  readonly #id: Float64Array;
  readonly #intendedUs: Float64Array;
  readonly #startUs: Float64Array;
  readonly #endUs: Float64Array;
  readonly #ending: Float64Array;
  readonly #columns: readonly Float64Array[];
  /** For use while packing. */
  readonly #lagUs = new Float64Array(CHUNK);
  readonly #serviceUs = new Float64Array(CHUNK);
  #waiting = 0;
  /** Due before what was packed already, or far before what waits. */
  readonly #late: Sample[] = [];
  #packedToUs: Micros = -Infinity;
  #lastEndUs: Micros = 0;
  #lastEnding: Ending | null = null;
  #lastNumber = 0;

  constructor() {
    const columns = fiveColumns(2 * WAITING);
    [this.#id, this.#intendedUs, this.#startUs, this.#endUs, this.#ending] = columns;
    this.#columns = columns;
  }

  add(id: number, intendedUs: Micros, startUs: Micros, endUs: Micros, ending: Ending): void {
    if (this.#waiting === 2 * WAITING) this.#packFirst(WAITING);
    if (endUs > this.#lastEndUs) this.#lastEndUs = endUs;
    const farthest = this.#waiting - MOST_OVERTAKEN;
    if (intendedUs < this.#packedToUs || intendedUs < (this.#intendedUs[farthest] ?? -Infinity)) {
      const { outcome, code, acknowledgedBy } = ending;
      this.#late.push({ id, intendedUs, startUs, endUs, outcome, code, acknowledgedBy });
      return;
    }
    let place = this.#waiting;
    while (place > 0 && (this.#intendedUs[place - 1] ?? 0) > intendedUs) place -= 1;
    if (place < this.#waiting) {
      for (const column of this.#columns) column.copyWithin(place + 1, place, this.#waiting);
    }
    this.#id[place] = id;
    this.#intendedUs[place] = intendedUs;
    this.#startUs[place] = startUs;
    this.#endUs[place] = endUs;
    this.#ending[place] = this.#numberOf(ending);
    this.#waiting += 1;
  }

  /** Nothing may be added afterwards. */
  finish(): SampleColumns {
    this.#packFirst(this.#waiting);
    const columns = new SampleColumns(this.#chunks, this.#endings, this.#lastEndUs);
    if (this.#late.length === 0) return columns;
    return toColumns(
      merged(
        columns,
        this.#late.sort((a, b) => a.intendedUs - b.intendedUs),
      ),
    );
  }

  #numberOf(ending: Ending): number {
    if (ending === this.#lastEnding) return this.#lastNumber;
    const { outcome, code, acknowledgedBy } = ending;
    const key = JSON.stringify([outcome, code, acknowledgedBy?.timeline, acknowledgedBy?.address]);
    let number = this.#numberOfEnding.get(key);
    if (number === undefined) {
      number = this.#endings.length;
      this.#endings.push(
        acknowledgedBy === undefined ? { outcome, code } : { outcome, code, acknowledgedBy },
      );
      this.#numberOfEnding.set(key, number);
    }
    this.#lastEnding = ending;
    this.#lastNumber = number;
    return number;
  }

  #packFirst(count: number): void {
    for (let from = 0; from < count; from += CHUNK) {
      const [id, intendedUs, startUs, endUs, ending] = this.#columns.map((column) =>
        column.subarray(from, Math.min(count, from + CHUNK)),
      ) as FiveColumns;
      const lagUs = differences(startUs, intendedUs, this.#lagUs);
      const serviceUs = differences(endUs, startUs, this.#serviceUs);
      const isRelative = lagUs !== null && serviceUs !== null;
      this.#chunks.push({
        length: id.length,
        id: packed(id, stepOf(id)),
        intendedUs: packed(intendedUs, stepOf(intendedUs)),
        startUs: packed(isRelative ? lagUs : startUs, 0),
        endUs: packed(isRelative ? serviceUs : endUs, 0),
        isRelative,
        ending: packed(ending, 0),
      });
    }
    if (count > 0) this.#packedToUs = this.#intendedUs[count - 1] ?? this.#packedToUs;
    for (const column of this.#columns) column.copyWithin(0, count, this.#waiting);
    this.#waiting -= count;
  }
}

/** Both in order of intended start; of those that are due at once, the first's before the second's. */
function* merged(first: Iterable<Sample>, second: readonly Sample[]): Iterable<Sample> {
  let next = 0;
  for (const sample of first) {
    for (; next < second.length; next += 1) {
      const other = second[next];
      if (other === undefined || other.intendedUs >= sample.intendedUs) break;
      yield other;
    }
    yield sample;
  }
  yield* second.slice(next);
}

type FiveColumns = [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

function fiveColumns(length: number): FiveColumns {
  return Array.from({ length: 5 }, () => new Float64Array(length)) as FiveColumns;
}

interface Chunk {
  readonly length: number;
  readonly id: Column;
  readonly intendedUs: Column;
  /** Since the intended start where the chunk is relative, else since the recording's beginning, as the others are. */
  readonly startUs: Column;
  /** Since the start where the chunk is relative. */
  readonly endUs: Column;
  readonly isRelative: boolean;
  /** Numbers of endings. */
  readonly ending: Column;
}

interface UnpackedChunk extends Record<"id" | "intendedUs" | "startUs" | "endUs" | "ending", Float64Array> {
  readonly length: number;
}

/** Value n is `base + floor(step * n) + rest[n]`; without a rest, nothing is added. */
interface Column {
  readonly base: number;
  readonly step: number;
  readonly rest: Uint8Array | Uint16Array | Uint32Array | Float64Array | null;
}

/** What has to be added to each of the second to get the first, written to `into`; null where adding rounds. */
function differences(values: Float64Array, from: Float64Array, into: Float64Array): Float64Array | null {
  for (let row = 0; row < values.length; row += 1) {
    const [value, base] = [values[row] ?? 0, from[row] ?? 0];
    into[row] = value - base;
    if (base + (into[row] ?? 0) !== value) return null;
  }
  return into.subarray(0, values.length);
}

/** Of the straight line from the first value to the last. */
function stepOf(values: Float64Array): number {
  return ((values.at(-1) ?? 0) - (values[0] ?? 0)) / Math.max(1, values.length - 1);
}

function packed(values: Float64Array, step: number): Column {
  const first = values[0] ?? 0;
  let [least, most] = [Infinity, -Infinity];
  for (let row = 0; row < values.length; row += 1) {
    const rest = (values[row] ?? 0) - first - Math.floor(step * row);
    if (rest < least) least = rest;
    if (rest > most) most = rest;
  }
  const base = first + least;
  const spread = most - least;
  if (!(spread < 2 ** 32)) return asTheyAre(values);
  const rest =
    spread < 2 ** 8
      ? new Uint8Array(values.length)
      : spread < 2 ** 16
        ? new Uint16Array(values.length)
        : new Uint32Array(values.length);
  for (let row = 0; row < values.length; row += 1) {
    const line = base + Math.floor(step * row);
    rest[row] = (values[row] ?? 0) - line;
    if (line + (rest[row] ?? 0) !== values[row]) return asTheyAre(values);
  }
  return { base, step, rest: spread === 0 ? null : rest };
}

function asTheyAre(values: Float64Array): Column {
  return { base: 0, step: 0, rest: values.slice() };
}

function valueAt({ base, step, rest }: Column, row: number): number {
  return base + Math.floor(step * row) + (rest === null ? 0 : (rest[row] ?? 0));
}

function unpack({ base, step, rest }: Column, length: number, into: Float64Array): void {
  if (step === 0) into.fill(base, 0, length);
  else for (let row = 0; row < length; row += 1) into[row] = base + Math.floor(step * row);
  if (rest !== null)
    for (let row = 0; row < length; row += 1) into[row] = (into[row] ?? 0) + (rest[row] ?? 0);
}
