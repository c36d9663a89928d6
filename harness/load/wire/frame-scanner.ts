/** What a scanner tells of the server's messages. Bodies are shown only where they were asked for. */
export interface FrameReceiver {
  /**
   * One message. `body`, from `from` to `to`, is valid during the call only; it is empty for types whose bodies are not
   * wanted when the message came in pieces. Returns whether to go on.
   */
  message(type: number, body: Uint8Array, from: number, to: number): boolean;
  /** The bytes are no message of the protocol. */
  malformed(type: number, length: number): void;
}

/** Types whose bodies are collected when they come in pieces; rows only while they are wanted. */
const D = 0x44;
const E = 0x45;
const N = 0x4e;
const Z = 0x5a;

/** Type and length. */
const HEADER = 5;

/** No report of an error is longer; a body that says it is would be collected without end. */
const MOST_COLLECTED = 1 << 20;

const nothing = new Uint8Array(0);

/**
 * Cuts the stream of the server's bytes into messages (PostgreSQL manual, "Message Formats": one byte of type, four of
 * length, which counts itself). A message that is whole in what has just been read is shown in place, without a copy;
 * rows that are not wanted are stepped over. Pieces may be cut anywhere.
 */
export class FrameScanner {
  readonly #receiver: FrameReceiver;
  wantsRows = false;
  /** The beginning of a header whose rest has not come. */
  readonly #header = new Uint8Array(HEADER);
  #headerLength = 0;
  /** Bytes to step over. */
  #skip = 0;
  /** The body that is being collected, and how much of it is there. */
  #body = nothing;
  #bodyLength = 0;
  #bodyType = 0;

  constructor(receiver: FrameReceiver) {
    this.#receiver = receiver;
  }

  /** What comes next is the beginning of a message. */
  get between(): boolean {
    return this.#skip === 0 && this.#headerLength === 0 && this.#bodyType === 0;
  }

  feed(bytes: Uint8Array, length: number): void {
    let at = 0;
    if (!this.between) {
      at = this.#resume(bytes, length);
      if (at < 0) return;
    }
    while (length - at >= HEADER) {
      at = this.#message(bytes, at, length);
      if (at < 0) return;
    }
    while (at < length) this.#header[this.#headerLength++] = bytes[at++] ?? 0;
  }

  /** One message whose header is whole. Where the next one begins; -1 when there is nothing more to do. */
  #message(bytes: Uint8Array, at: number, length: number): number {
    const type = bytes[at] ?? 0;
    const size = int32(bytes, at + 1);
    const wanted = type === Z || type === E || type === N || (type === D && this.wantsRows);
    if (size < 4 || (wanted && size > MOST_COLLECTED)) {
      this.#receiver.malformed(type, size);
      return -1;
    }
    const from = at + HEADER;
    const end = at + 1 + size;
    if (end <= length) return this.#receiver.message(type, bytes, from, end) ? end : -1;
    if (!wanted) {
      this.#skip = end - length;
      return this.#receiver.message(type, nothing, 0, 0) ? length : -1;
    }
    this.#body = new Uint8Array(size - 4);
    this.#body.set(bytes.subarray(from, length));
    this.#bodyLength = length - from;
    this.#bodyType = type;
    return length;
  }

  /** Goes on where the last piece ended. */
  #resume(bytes: Uint8Array, length: number): number {
    let at = 0;
    if (this.#headerLength !== 0) {
      while (this.#headerLength < HEADER && at < length)
        this.#header[this.#headerLength++] = bytes[at++] ?? 0;
      if (this.#headerLength < HEADER) return at;
      this.#headerLength = 0;
      // The header alone: the message is taken for one that has been cut after it.
      if (int32(this.#header, 1) === 4) {
        return this.#receiver.message(this.#header[0] ?? 0, nothing, 0, 0) ? at : -1;
      }
      if (this.#message(this.#header, 0, HEADER) < 0) return -1;
    }
    if (this.#skip !== 0) {
      const skipped = Math.min(this.#skip, length - at);
      this.#skip -= skipped;
      at += skipped;
    }
    if (this.#bodyType === 0) return at;
    const taken = Math.min(this.#body.length - this.#bodyLength, length - at);
    this.#body.set(bytes.subarray(at, at + taken), this.#bodyLength);
    this.#bodyLength += taken;
    at += taken;
    if (this.#bodyLength < this.#body.length) return at;
    const type = this.#bodyType;
    const body = this.#body;
    this.#bodyType = 0;
    this.#body = nothing;
    return this.#receiver.message(type, body, 0, body.length) ? at : -1;
  }
}

function int32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) << 24) |
    ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0)
  );
}
