import { Duplex } from "node:stream";

/**
 * What the `pg` client takes for its socket while it logs in: it says what to send, and is told what has come. So the
 * log-in (SCRAM, MD5, passwords in clear) is the well-kept client's, and it never touches the socket itself.
 */
export class LoginStream extends Duplex {
  readonly #send: (bytes: Buffer) => void;

  constructor(send: (bytes: Buffer) => void) {
    super();
    this.#send = send;
  }

  /** The way to the server is there already. */
  connect(): this {
    process.nextTick(() => this.emit("connect"));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  override _read(): void {
    // Bytes are pushed as they come.
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#send(bytes);
    done();
  }
}
