import { printableLine } from "../support/printable.ts";
import type { Acknowledgement, Outcome, Sample } from "../model/sample.ts";
import { ColumnsBuilder, type Ending, type SampleColumns, type SampleSink } from "../model/samples.ts";
import type { Damage } from "./damage.ts";
import { readPieces } from "./read-pieces.ts";
import { isHeader, isRow, type Row, rowProblem, SAMPLES_HEADER } from "./sample-columns.ts";

/** The samples of a file, and whether its last line was cut off and is left out. */
export interface ReadSamples<Found> {
  readonly samples: Found;
  readonly torn: boolean;
}

/** A stream's samples in order of intended start. Reads piece by piece: memory holds the columns, and no lines. */
export async function readSampleColumns(file: string, damage: Damage): Promise<ReadSamples<SampleColumns>> {
  const columns = new ColumnsBuilder();
  const torn = await readInto(columns, file, damage);
  return { samples: columns.finish(), torn };
}

/** For files of few samples: as they stand in it, one after the other. */
export async function readSampleList(file: string, damage: Damage): Promise<ReadSamples<readonly Sample[]>> {
  const samples: Sample[] = [];
  const torn = await readInto(
    {
      add: (id, intendedUs, startUs, endUs, ending) =>
        void samples.push({ id, intendedUs, startUs, endUs, ...ending }),
    },
    file,
    damage,
  );
  return { samples, torn };
}

/** Resolves with whether the last line was cut off. */
async function readInto(sink: SampleSink, file: string, damage: Damage): Promise<boolean> {
  const lines = new SampleLines(sink, file, damage);
  return await readPieces(file, (bytes, end) => lines.take(bytes, end));
}

/** Takes a samples file's lines: the first names the columns, each other is a sample. */
class SampleLines {
  readonly #sink: SampleSink;
  readonly #file: string;
  readonly #damage: Damage;
  readonly #endings = new KnownEndings();
  #lines = 0;
  /** The first line was not what it should be: the others mean nothing. */
  #isUnreadable = false;
  /** The numbers at the beginning of a line. */
  readonly #numbers = new Float64Array(4);

  constructor(sink: SampleSink, file: string, damage: Damage) {
    this.#sink = sink;
    this.#file = file;
    this.#damage = damage;
  }

  /** Takes the whole lines among the first bytes of a buffer, and gives how many bytes they are. */
  take(bytes: Buffer, end: number): number {
    let from = 0;
    for (;;) {
      if (this.#lines > 0 && !this.#isUnreadable) from = this.#takeUsual(bytes, from, end);
      const to = bytes.indexOf(LINE_END, from);
      if (to === -1 || to >= end) return from;
      this.#lines += 1;
      if (this.#lines === 1) this.#takeHeader(bytes.toString("utf8", from, to));
      else if (!this.#isUnreadable) this.#takeLine(bytes, from, to);
      from = to + 1;
    }
  }

  #takeHeader(line: string): void {
    const header = this.#parsed(line);
    if (isHeader(header)) return;
    this.#isUnreadable = true;
    if (header === undefined) return;
    const found = JSON.stringify(header).slice(0, 60);
    this.#damage.add({
      where: `${this.#file}:1`,
      message: `expected the columns ${SAMPLES_HEADER}, found ${found}.`,
    });
  }

  /** Takes lines that are as a run writes them, byte by byte, and gives where the first other one begins. */
  #takeUsual(bytes: Buffer, from: number, end: number): number {
    const numbers = this.#numbers;
    let at = from;
    for (;;) {
      const rest = readNumbers(bytes, at, end, numbers);
      if (rest === -1) return at;
      const known = this.#endings.find(bytes, rest, end);
      if (known === undefined) return at;
      this.#sink.add(numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0, numbers[3] ?? 0, known.ending);
      this.#lines += 1;
      at = rest + known.bytes.length;
    }
  }

  /** By the rules of JSON, however it looks. */
  #takeLine(bytes: Buffer, from: number, to: number): void {
    const row = this.#parsed(bytes.toString("utf8", from, to));
    if (row === undefined) return;
    if (!isRow(row)) {
      this.#damage.add(rowProblem(row, `${this.#file}:${this.#lines}`));
      return;
    }
    const ending = this.#endings.of(row);
    this.#sink.add(row[0], row[1], row[2], row[3], ending);
    const rest = readNumbers(bytes, from, to, this.#numbers);
    if (rest !== -1) this.#endings.keep(bytes.subarray(rest, to + 1), ending);
  }

  #parsed(line: string): unknown {
    try {
      return JSON.parse(line);
    } catch {
      const found = JSON.stringify(line.slice(0, 60));
      this.#damage.add({
        where: `${this.#file}:${this.#lines}`,
        message: `expected one JSON value, found ${found}.`,
      });
      return undefined;
    }
  }
}

/** How samples end: there are few ways, and each is made printable once. */
class KnownEndings {
  readonly #byText = new Map<string, Ending>();
  readonly #words = new Map<string, string>();
  /** What was found last is tried first. */
  readonly #lines: KnownEnding[] = [];

  find(bytes: Buffer, from: number, end: number): KnownEnding | undefined {
    for (let index = 0; index < this.#lines.length; index += 1) {
      const known = this.#lines[index];
      if (known === undefined || !isAt(known.bytes, bytes, from, end)) continue;
      if (index > 0) {
        this.#lines.splice(index, 1);
        this.#lines.unshift(known);
      }
      return known;
    }
    return undefined;
  }

  keep(bytes: Buffer, ending: Ending): void {
    if (this.#lines.length >= MOST_KNOWN) this.#lines.pop();
    this.#lines.unshift({ bytes: Buffer.from(bytes), ending });
  }

  of(row: Row): Ending {
    const [outcome, code, timeline, address] = [row[4], row[5], row[6], row[7] ?? null];
    const key = JSON.stringify([outcome, code, timeline, address]);
    const before = this.#byText.get(key);
    if (before !== undefined) return before;
    const ending = this.#ending(outcome, code, timeline, address);
    this.#byText.set(key, ending);
    return ending;
  }

  #ending(
    outcome: Outcome,
    code: string | null,
    timeline: number | undefined,
    address: Acknowledgement["address"],
  ): Ending {
    const shown = this.#shown(code);
    if (timeline === undefined) return { outcome, code: shown };
    return { outcome, code: shown, acknowledgedBy: { timeline, address: this.#shown(address) } };
  }

  #shown(word: string | null): string | null {
    if (word === null) return null;
    const before = this.#words.get(word);
    if (before !== undefined) return before;
    const printed = printableLine(word);
    this.#words.set(word, printed);
    return printed;
  }
}

/** How a line ends, with its line end, and what that means. */
interface KnownEnding {
  readonly bytes: Buffer;
  readonly ending: Ending;
}

const MOST_KNOWN = 32;

function isAt(wanted: Buffer, bytes: Buffer, from: number, end: number): boolean {
  if (from + wanted.length > end) return false;
  for (let index = 0; index < wanted.length; index += 1) {
    if (wanted[index] !== bytes[from + index]) return false;
  }
  return true;
}

const LINE_END = 0x0a;
const [OPEN, COMMA, MINUS, ZERO, NINE] = [0x5b, 0x2c, 0x2d, 0x30, 0x39];
/** As many as the farthest moment has that a recording may hold; see FARTHEST_US. */
const MOST_DIGITS = 13;

/**
 * Reads "[", and so many whole numbers as `into` has room for, each with the comma behind it. Gives where the rest
 * begins; -1 when this is not what stands there.
 */
function readNumbers(bytes: Buffer, from: number, to: number, into: Float64Array): number {
  if (bytes[from] !== OPEN) return -1;
  let at = from + 1;
  for (let field = 0; field < into.length; field += 1) {
    const isNegative = bytes[at] === MINUS;
    if (isNegative) at += 1;
    const first = at;
    let value = 0;
    for (; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte < ZERO || byte > NINE) break;
      value = value * 10 + (byte - ZERO);
    }
    const digits = at - first;
    if (digits === 0 || digits > MOST_DIGITS || (digits > 1 && bytes[first] === ZERO) || bytes[at] !== COMMA)
      return -1;
    into[field] = isNegative ? -value : value;
    at += 1;
  }
  return at;
}
