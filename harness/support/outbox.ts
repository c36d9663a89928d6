/** Where an outbox writes: a stream that does not block. */
export interface OutboxStream {
  /** false: more should wait until `drain`. */
  write(text: string): boolean;
  on(event: "drain", listener: () => void): unknown;
  end(whenWritten: () => void): unknown;
}

/** What is written at once. */
const BATCH_CHARACTERS = 64 * 1024;
/** From here on the reader is so far behind that what can be done without should be left out. */
const BEHIND_CHARACTERS = 16 * 1024 * 1024;
/** Nobody read for so long: whoever should is as good as gone. About 20 minutes of two probes' samples. */
const MOST_CHARACTERS = 64 * 1024 * 1024;

/**
 * Values on their way to another process, a line of JSON each. They are written in batches; while the reader is behind,
 * they wait here and not in the stream, and at most 64 MiB of them.
 */
export class Outbox<Value> {
  readonly #stream: OutboxStream;
  readonly #onFull: (why: string) => void;
  /** Lines with their ends, oldest first. */
  readonly #batches: string[] = [];
  #characters = 0;
  #draining = false;
  #scheduled = false;
  #whenWritten: (() => void) | null = null;

  /** `onFull` is called when the reader is too far behind to be waited for; it is to end the process. */
  constructor(stream: OutboxStream, onFull: (why: string) => void) {
    this.#stream = stream;
    this.#onFull = onFull;
    stream.on("drain", () => {
      this.#draining = false;
      this.#write();
    });
  }

  /** Never blocks. What is sent in one turn of the event loop goes out together, at its end. */
  send(value: Value): void {
    const line = `${JSON.stringify(value)}\n`;
    if (this.#characters + line.length > MOST_CHARACTERS) {
      this.#onFull(`nobody has read what it says for so long that ${this.#characters} characters wait`);
      return;
    }
    this.#characters += line.length;
    const last = this.#batches.length - 1;
    const batch = this.#batches[last];
    if (batch === undefined || batch.length + line.length > BATCH_CHARACTERS) this.#batches.push(line);
    else this.#batches[last] = batch + line;
    if (this.#draining || this.#scheduled) return;
    this.#scheduled = true;
    process.nextTick(() => {
      this.#scheduled = false;
      this.#write();
    });
  }

  /** So much waits that what the reader can do without should be counted and left out. */
  get isBehind(): boolean {
    return this.#characters > BEHIND_CHARACTERS;
  }

  /** Ends the stream when everything is written, and then calls back. */
  end(whenWritten: () => void): void {
    this.#whenWritten = whenWritten;
    this.#write();
  }

  #write(): void {
    while (!this.#draining) {
      const batch = this.#batches.shift();
      if (batch === undefined) break;
      this.#characters -= batch.length;
      this.#draining = !this.#stream.write(batch);
    }
    const whenWritten = this.#whenWritten;
    if (whenWritten === null || this.#batches.length > 0) return;
    this.#whenWritten = null;
    this.#stream.end(whenWritten);
  }
}
