import { deflateSync } from "node:zlib";
import type { EncodedHistogram } from "../../../../model/stage.ts";

/**
 * Counts of microseconds in HdrHistogram's own layout for three significant digits (buckets of 2048 steps, each
 * bucket's steps twice as wide as those of the one before), so that recording is two shifts and an increment, and its
 * encoding is any HdrHistogram's (`V2EncodingCookieBase`, org.HdrHistogram.AbstractHistogram, public domain).
 */
export class IntervalHistogram {
  readonly #counts = new Uint32Array(COUNTS);
  #lowest = COUNTS;
  #highest = -1;

  /** What is negative counts as 0, what is beyond the range (35 minutes) as its end. */
  record(us: number): void {
    const value = us < 0 ? 0 : us > HIGHEST ? HIGHEST : us | 0;
    const shift = value < SUB_BUCKETS ? 0 : 21 - Math.clz32(value);
    const index = (shift << HALF_MAGNITUDE) + (value >> shift);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    if (index < this.#lowest) this.#lowest = index;
    if (index > this.#highest) this.#highest = index;
  }

  /** What was recorded since the last call; null: nothing. */
  take(): EncodedHistogram {
    if (this.#highest < 0) return null;
    const payload = Buffer.allocUnsafe(HEADER_BYTES + 10 * (this.#highest - this.#lowest + 2));
    const end = this.#writeCounts(payload, HEADER_BYTES);
    payload.writeInt32BE(ENCODING_COOKIE, 0);
    payload.writeInt32BE(end - HEADER_BYTES, 4);
    payload.writeInt32BE(0, 8);
    payload.writeInt32BE(3, 12);
    payload.writeBigInt64BE(1n, 16);
    payload.writeBigInt64BE(BigInt(HIGHEST), 24);
    payload.writeDoubleBE(1, 32);
    this.clear();
    const compressed = deflateSync(payload.subarray(0, end), { level: 1 });
    const envelope = Buffer.allocUnsafe(8);
    envelope.writeInt32BE(COMPRESSED_COOKIE, 0);
    envelope.writeInt32BE(compressed.length, 4);
    return Buffer.concat([envelope, compressed]).toString("base64");
  }

  clear(): void {
    if (this.#highest >= 0) this.#counts.fill(0, this.#lowest, this.#highest + 1);
    this.#lowest = COUNTS;
    this.#highest = -1;
  }

  /** Nearest rank, as the highest value of its step; 0 when nothing was recorded. */
  percentile(share: number): number {
    let total = 0;
    for (let index = this.#lowest; index <= this.#highest; index += 1) total += this.#counts[index] ?? 0;
    let left = Math.max(1, Math.ceil(total * share));
    for (let index = this.#lowest; index <= this.#highest; index += 1) {
      left -= this.#counts[index] ?? 0;
      if (left <= 0) return highestOf(index);
    }
    return 0;
  }

  /** Counts up to the highest one, each as a zigzag LEB128; a run of zeros as its length, negative. */
  #writeCounts(into: Buffer, from: number): number {
    let at = from;
    const write = (count: number): void => {
      let word = count < 0 ? -2 * count - 1 : 2 * count;
      while (word >= 128) {
        into[at++] = (word % 128) | 128;
        word = Math.floor(word / 128);
      }
      into[at++] = word;
    };
    let zeros = this.#lowest;
    for (let index = this.#lowest; index <= this.#highest; index += 1) {
      const count = this.#counts[index] ?? 0;
      if (count === 0) {
        zeros += 1;
        continue;
      }
      if (zeros > 0) write(zeros === 1 ? 0 : -zeros);
      zeros = 0;
      write(count);
    }
    return at;
  }
}

/** The highest value that is counted at this place. */
function highestOf(index: number): number {
  const shift = Math.max(0, (index >> HALF_MAGNITUDE) - 1);
  return (index - (shift << HALF_MAGNITUDE) + 1) * 2 ** shift - 1;
}

const HALF_MAGNITUDE = 10;
const SUB_BUCKETS = 2048;
const HIGHEST = 2 ** 31 - 1;
const COUNTS = 22 << HALF_MAGNITUDE;
const HEADER_BYTES = 40;
/** The last byte's 1 is the word size of LEB128 encodings. */
const ENCODING_COOKIE = 0x1c849313;
const COMPRESSED_COOKIE = 0x1c849314;
