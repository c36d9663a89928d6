const BLOCK_BYTES = 64 * 1024;
const LINE_END = 0x0a;

/**
 * The beginning and the end of a long text, of which the middle is left out: memory is bounded whatever comes. Bytes are
 * copied into blocks, so that small pieces take no more than large ones.
 */
export class KeptText {
  readonly #headBlocks: number;
  readonly #tailBlocks: number;
  readonly #head: Buffer[] = [];
  readonly #tail: Buffer[] = [];
  /** Of the last block. */
  #filled = BLOCK_BYTES;
  #leftOut = 0;

  /** Both in bytes, rounded up to whole blocks of 64 KiB. */
  constructor(most: { readonly head: number; readonly tail: number }) {
    this.#headBlocks = Math.ceil(most.head / BLOCK_BYTES);
    this.#tailBlocks = Math.ceil(most.tail / BLOCK_BYTES);
  }

  add(piece: Uint8Array): void {
    for (let at = 0; at < piece.length;) {
      const block =
        this.#filled === BLOCK_BYTES ? this.#nextBlock() : (this.#tail.at(-1) ?? this.#head.at(-1));
      if (block === undefined) return;
      const bytes = piece.subarray(at, at + BLOCK_BYTES - this.#filled);
      block.set(bytes, this.#filled);
      this.#filled += bytes.length;
      at += bytes.length;
    }
  }

  /** Bytes that are in neither the beginning nor the end. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** What was kept; where something was left out, whole lines on both sides of a line that `says` so. */
  text(says: (bytes: number) => string): string {
    const head = Buffer.concat(this.#head);
    const tail = Buffer.concat(this.#tail);
    const last = this.#tail.length > 0 ? tail : head;
    const end = Math.max(0, last.length - (BLOCK_BYTES - this.#filled));
    if (this.#tail.length === 0) return head.toString("utf8", 0, end);
    if (this.#leftOut === 0) return Buffer.concat([head, tail.subarray(0, end)]).toString("utf8");
    const headEnd = head.lastIndexOf(LINE_END) + 1 || head.length;
    const tailBegin = tail.subarray(0, end).indexOf(LINE_END) + 1;
    const cut = this.#leftOut + head.length - headEnd + tailBegin;
    return `${head.toString("utf8", 0, headEnd)}${says(cut)}\n${tail.toString("utf8", tailBegin, end)}`;
  }

  #nextBlock(): Buffer {
    this.#filled = 0;
    if (this.#head.length < this.#headBlocks) {
      const block = Buffer.allocUnsafe(BLOCK_BYTES);
      this.#head.push(block);
      return block;
    }
    const full = this.#tail.length === this.#tailBlocks;
    const block = full ? (this.#tail.shift() ?? Buffer.alloc(0)) : Buffer.allocUnsafe(BLOCK_BYTES);
    if (full) this.#leftOut += BLOCK_BYTES;
    this.#tail.push(block);
    return block;
  }
}
