import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { clientCodes } from "./outcomes.ts";
import type { DialTarget } from "./engine-connection.ts";
import { errorCode } from "./error-code.ts";

/** Where the bytes of all connections are read to, one read at a time: they are used before the next. */
const readBuffer = Buffer.alloc(1 << 16);

/**
 * A way for bytes to the server and back, in clear or encrypted. Reads go through one buffer without streams in
 * between (`onread`); encrypted ones come as events.
 */
export class Transport {
  #socket: Socket;
  #ended = false;
  /** Called with bytes from the server, which are valid during the call only. */
  onBytes: (bytes: Uint8Array, length: number) => void = () => undefined;
  /** Called once, when bytes may be sent. */
  onReady: () => void = () => undefined;
  /** Called once, when it has ended without being told to, or could not begin. */
  onEnded: (code: string, text: string) => void = () => undefined;
  /** Called before the socket's descriptor is closed, by whomever. */
  onClosing: () => void = () => undefined;
  /** Of the socket, as long as plain bytes may be written to it; else -1. */
  descriptor = -1;

  constructor(target: DialTarget) {
    const { host, port, tls } = target;
    if (tls === undefined) {
      const onread = { buffer: readBuffer, callback: (length: number) => this.#read(length) };
      this.#socket = connect({ host, port, noDelay: true, onread });
      this.#socket.once("connect", () => {
        this.#watchDescriptor();
        this.onReady();
      });
    } else {
      const socket = connect({ host, port, noDelay: true });
      this.#socket = socket;
      socket.once("connect", () => socket.write(sslRequest));
      socket.once("data", (answer) => this.#encrypt(socket, answer, host, tls));
    }
    this.#watch(this.#socket);
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** Sends the last bytes; an other side that does not close within a second is left. */
  end(bytes: Buffer): void {
    this.#ended = true;
    this.#socket.end(bytes);
    setTimeout(() => this.#socket.destroy(), 1000).unref();
  }

  destroy(): void {
    this.#ended = true;
    this.#socket.destroy();
  }

  /** Node closes a socket by itself when the other side does: only its handle sees every way to that. */
  #watchDescriptor(): void {
    const handle = (this.#socket as Socket & { readonly _handle?: SocketHandle | null })._handle;
    if (handle?.fd === undefined || handle.fd < 0) return;
    this.descriptor = handle.fd;
    const close = handle.close.bind(handle);
    handle.close = (done) => {
      this.descriptor = -1;
      this.onClosing();
      close(done);
    };
  }

  #read(length: number): boolean {
    this.onBytes(readBuffer, length);
    return true;
  }

  /** The server's one byte before encryption; more would have come from somebody in between (CVE-2021-23222). */
  #encrypt(socket: Socket, answer: Buffer, host: string, tls: NonNullable<DialTarget["tls"]>): void {
    if (answer.toString("latin1") !== "S") {
      this.#end(clientCodes.connectionLost, "The server does not support SSL connections");
      return;
    }
    const encrypted = connectTls({ ...tls, socket, host, ...(isIP(host) === 0 ? { servername: host } : {}) });
    this.#socket = encrypted;
    this.#watch(encrypted);
    encrypted.once("secureConnect", () => this.onReady());
    encrypted.on("data", (bytes: Buffer) => this.onBytes(bytes, bytes.length));
  }

  #watch(socket: Socket): void {
    socket.on("error", (error) => this.#end(errorCode(error), error.message));
    socket.on("end", () => this.#end(clientCodes.connectionLost, "The server closed the connection"));
    socket.on("close", () => this.#end(clientCodes.connectionLost, "The connection was closed"));
  }

  #end(code: string, text: string): void {
    if (this.#ended) return;
    this.destroy();
    this.onEnded(code, text);
  }
}

/** What of a socket's handle in Node is used. */
interface SocketHandle {
  readonly fd?: number;
  close: (done?: () => void) => void;
}

/** PostgreSQL manual, "Message Formats": SSLRequest. */
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f]);
