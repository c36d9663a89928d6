/** Nobody has so much to say in one line: a reader that collected more would never come to its end. */
const LONGEST_LINE_BYTES = 64 * 1024 * 1024;
/** Room for the beginning of a line that is kept for the next one. */
const KEPT_ROOM_BYTES = 1024 * 1024;
const LINE_END = 0x0a;

/**
 * Cuts bytes into lines of text. Pieces may be cut anywhere, also within a character. What is kept is the beginning of
 * one line, in a room that doubles when it is full, so that however small the pieces are each byte is copied a few times
 * at most.
 */
export class LineCutter {
  #room = Buffer.alloc(0);
  #length = 0;

  /** The lines that end in this piece, without their ends. Throws when one is longer than 64 MiB. */
  take(piece: Uint8Array): string[] {
    const lines: string[] = [];
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    let from = 0;
    for (let end = bytes.indexOf(LINE_END); end !== -1; end = bytes.indexOf(LINE_END, from)) {
      if (this.#length === 0) lines.push(bytes.toString("utf8", from, end));
      else {
        this.#keep(bytes.subarray(from, end));
        lines.push(this.rest());
      }
      from = end + 1;
    }
    if (from < bytes.length) this.#keep(bytes.subarray(from));
    return lines;
  }

  /** What came after the last line's end; empty when nothing did. */
  rest(): string {
    const rest = this.#room.toString("utf8", 0, this.#length);
    this.#length = 0;
    if (this.#room.length > KEPT_ROOM_BYTES) this.#room = Buffer.alloc(0);
    return rest;
  }

  #keep(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > LONGEST_LINE_BYTES) {
      throw new RangeError(`Expected a line of at most ${LONGEST_LINE_BYTES} bytes, found one that goes on`);
    }
    if (length > this.#room.length) {
      const room = Buffer.allocUnsafe(Math.max(length, 2 * this.#room.length));
      this.#room.copy(room, 0, 0, this.#length);
      this.#room = room;
    }
    this.#room.set(bytes, this.#length);
    this.#length = length;
  }
}
