import { HarnessError } from "../../model/errors.ts";

/** Gets a container's output, piece by piece, in the order in which it came. A piece is valid during the call only. */
export type OutputReceiver = (stream: "stdout" | "stderr", piece: Uint8Array) => void;

/**
 * Stream (0 to 3), three zero bytes, length of what follows as a big-endian 32-bit number (Docker Engine API, "Attach to
 * a container", stream format).
 */
const HEADER = 8;
/** The engine's own standard input stream, if it were ever sent, goes where standard output goes, as in Docker's client. */
const STDERR = 2;
/** Not a container's output: the engine says what went wrong, and nothing comes after it. */
const ENGINE_ERROR = 3;
/** Of what the engine says went wrong. */
const MOST_ERROR_BYTES = 2000;

/**
 * Takes apart what the engine sends of a container without a terminal: both outputs in one stream, in frames. Pieces may
 * be cut anywhere, and frames be of any length: of the stream nothing is kept but a header that has not come whole, and
 * every byte is looked at once. (docker-modem's `demuxStream` copies the rest of a piece for every frame in it and keeps
 * the copies alive: a log of 5 MB in short lines took more than 8 GB.)
 */
export class OutputFrames {
  readonly #receive: OutputReceiver;
  readonly #header = Buffer.alloc(HEADER);
  #headerLength = 0;
  /** Bytes of the frame that have not come. */
  #left = 0;
  #stream = 0;
  /** Before the current header. */
  #seen = 0;
  #engineError = Buffer.alloc(0);

  constructor(receive: OutputReceiver) {
    this.#receive = receive;
  }

  /**
   * The next bytes of the stream. Throws a HarnessError `engine-stream` when they are no frames, or when the engine says
   * in one that something went wrong.
   */
  take(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#left === 0) {
        at = this.#takeHeader(bytes, at);
        continue;
      }
      const end = Math.min(bytes.length, at + this.#left);
      this.#left -= end - at;
      this.#give(bytes.subarray(at, end));
      at = end;
    }
  }

  /** Where what follows the header begins, as far as it is there. */
  #takeHeader(bytes: Uint8Array, from: number): number {
    let at = from;
    while (at < bytes.length && this.#headerLength < HEADER)
      this.#header[this.#headerLength++] = bytes[at++] ?? 0;
    if (this.#headerLength < HEADER) return at;
    const stream = this.#header[0] ?? 0;
    if (stream > ENGINE_ERROR || this.#header.readUIntBE(1, 3) !== 0) throw this.#noFrames();
    this.#stream = stream;
    this.#left = this.#header.readUInt32BE(4);
    this.#headerLength = 0;
    this.#seen += HEADER + this.#left;
    return at;
  }

  #give(piece: Uint8Array): void {
    if (this.#stream !== ENGINE_ERROR) {
      this.#receive(this.#stream === STDERR ? "stderr" : "stdout", piece);
      return;
    }
    const room = Math.max(0, MOST_ERROR_BYTES - this.#engineError.length);
    this.#engineError = Buffer.concat([this.#engineError, piece.subarray(0, room)]);
    if (this.#left > 0) return;
    const said = this.#engineError.toString("utf8").trim();
    throw new HarnessError({
      code: "engine-stream",
      message: `Expected a container's output, but the container engine broke it off: ${said}`,
    });
  }

  #noFrames(): HarnessError {
    const bytes = this.#header.toString("hex").replaceAll(/(..)(?=.)/g, "$1 ");
    const text = this.#header.toString("latin1").replaceAll(/[^\x20-\x7e]/g, ".");
    return new HarnessError({
      code: "engine-stream",
      message: `Expected a container's output in frames (a stream from 0 to 3, three zero bytes, a length), found the bytes ${bytes} ("${text}") after ${this.#seen} bytes of it.`,
      hint: "Is there something between dpg-bench and the container engine that changes what it sends?",
    });
  }
}
