/** A set of whole numbers from 0, one bit each: for many that lie close together. */
export class BitSet {
  /** Bit n % 8 of byte n / 8, the lowest first. */
  #bytes: Uint8Array;

  constructor(bytes: Uint8Array = new Uint8Array(0)) {
    this.#bytes = bytes;
  }

  add(number: number): void {
    const at = number >>> 3;
    if (at >= this.#bytes.length) this.#grow(at + 1);
    this.#bytes[at] = (this.#bytes[at] ?? 0) | (1 << (number & 7));
  }

  has(number: number): boolean {
    return ((this.#bytes[number >>> 3] ?? 0) & (1 << (number & 7))) !== 0;
  }

  /** Adds the numbers of these bytes; the first bit stands for `from`, a multiple of 8. */
  addBytes(from: number, bytes: Uint8Array): void {
    const start = from / 8;
    if (start + bytes.length > this.#bytes.length) this.#grow(start + bytes.length);
    bytes.forEach((byte, index) => {
      const at = start + index;
      this.#bytes[at] = (this.#bytes[at] ?? 0) | byte;
    });
  }

  /** The bytes of the numbers from `from` to below `to`, both multiples of 8, without the empty ones at the end. */
  bytes(from: number, to: number): Uint8Array {
    let end = Math.min(to / 8, this.#bytes.length);
    while (end > from / 8 && this.#bytes[end - 1] === 0) end -= 1;
    return this.#bytes.subarray(from / 8, Math.max(end, from / 8));
  }

  /** How many numbers are in it. */
  get size(): number {
    return this.#bytes.reduce((sum, byte) => sum + (BITS[byte] ?? 0), 0);
  }

  /** More than every number in it. */
  get end(): number {
    let end = this.#bytes.length;
    while (end > 0 && this.#bytes[end - 1] === 0) end -= 1;
    return 8 * end;
  }

  #grow(least: number): void {
    const grown = new Uint8Array(Math.max(least, 2 * this.#bytes.length, 1024));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** How many bits each byte has. */
const BITS = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll("0", "").length);
