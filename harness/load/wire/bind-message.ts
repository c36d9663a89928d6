import type { Value } from "../../workloads/draw-values.ts";

/**
 * One statement's Bind, Describe, Execute and Sync on one connection, as libpq's PQsendQueryPrepared (and so `pgbench
 * -M prepared`) sends them: parameters and result in text format, the portal without a name. It is built once; values
 * are written in place, and what follows them moves only when their lengths have changed. The bytes of the last call
 * may be overwritten once the server has answered: then it has read them.
 */
export class BindMessage {
  #buffer: Buffer;
  /** Where the first value's length goes. */
  readonly #valuesAt: number;
  readonly #parameterCount: number;
  /** What is sent, and where its values end. */
  #message: Buffer;
  #valuesEnd = -1;

  constructor(name: string, parameterCount: number) {
    this.#parameterCount = parameterCount;
    const nameBytes = Buffer.from(`\0${name}\0`);
    this.#valuesAt = 5 + nameBytes.length + 4;
    this.#buffer = Buffer.alloc(this.#valuesAt + 32 * parameterCount + tail.length);
    this.#buffer[0] = 0x42; // B
    nameBytes.copy(this.#buffer, 5);
    this.#buffer.writeInt16BE(parameterCount, this.#valuesAt - 2);
    this.#message = this.#buffer;
  }

  /** The bytes to send. */
  fill(values: readonly Value[]): Buffer {
    if (values.length !== this.#parameterCount) {
      throw new Error(`Expected ${this.#parameterCount} values for a statement, got ${values.length}`);
    }
    let at = this.#valuesAt;
    for (const value of values) at = this.#write(value, at);
    if (at !== this.#valuesEnd) this.#endAt(at);
    return this.#message;
  }

  #write(value: Value, at: number): number {
    if (typeof value === "number" && value >= 0 && value <= 0x7fffffff && (value | 0) === value) {
      if (at + 14 + tail.length > this.#buffer.length) this.#grow(at, 14);
      return writeInteger(this.#buffer, value, at);
    }
    const text = String(value);
    const most = 4 + 3 * text.length;
    if (at + most + tail.length > this.#buffer.length) this.#grow(at, most);
    const length = this.#buffer.write(text, at + 4);
    writeInt32(this.#buffer, length, at);
    return at + 4 + length;
  }

  #endAt(at: number): void {
    tail.copy(this.#buffer, at);
    writeInt32(this.#buffer, at + BIND_TAIL - 1, 1);
    this.#message = this.#buffer.subarray(0, at + tail.length);
    this.#valuesEnd = at;
  }

  #grow(used: number, more: number): void {
    const larger = Buffer.alloc(2 * (used + more + tail.length));
    this.#buffer.copy(larger, 0, 0, used);
    this.#buffer = larger;
    this.#valuesEnd = -1;
  }
}

/** Bind's end: one format for all columns of the result, text. */
const BIND_TAIL = 4;

const tail = Buffer.from([
  ...[0, 1, 0, 0],
  ...[0x44, 0, 0, 0, 6, 0x50, 0], // Describe the portal
  ...[0x45, 0, 0, 0, 9, 0, 0, 0, 0, 0], // Execute it, all rows
  ...[0x53, 0, 0, 0, 4], // Sync
]);

/** A whole number from 0 to 2^31 - 1, with its length before it. Where it ends. */
function writeInteger(buffer: Uint8Array, value: number, at: number): number {
  let digits = 1;
  for (let bound = 10; digits < 10 && value >= bound; bound *= 10) digits += 1;
  let left = value;
  for (let index = at + 3 + digits; index > at + 3; index -= 1) {
    const tenth = (left / 10) | 0;
    buffer[index] = 0x30 + left - 10 * tenth;
    left = tenth;
  }
  writeInt32(buffer, digits, at);
  return at + 4 + digits;
}

function writeInt32(buffer: Uint8Array, value: number, at: number): void {
  buffer[at] = value >>> 24;
  buffer[at + 1] = value >>> 16;
  buffer[at + 2] = value >>> 8;
  buffer[at + 3] = value;
}
