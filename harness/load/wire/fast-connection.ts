import type { Value } from "../../workloads/draw-values.ts";
import { BindMessage } from "./bind-message.ts";
import type { EngineConnection, PreparedStatement, Settled } from "./engine-connection.ts";
import { FrameScanner, type FrameReceiver } from "./frame-scanner.ts";
import { closeMessage, parseMessage } from "./parse-message.ts";
import { isFatal, readServerReport } from "./server-report.ts";
import type { Transport } from "./transport.ts";

/** A statement as this connection's server knows it. `stale`: it did, and says now that it does not. */
interface KnownStatement {
  readonly statement: PreparedStatement;
  readonly bind: BindMessage;
  state: "new" | "prepared" | "stale";
}

/**
 * Sends prepared statements over a transport whose log-in somebody else does: until the server is ready for the first
 * time, messages are only counted. From then on every byte is read here.
 *
 *   run ─► [Parse] Bind Describe Execute Sync ─► ... rows are stepped over ... ─► ReadyForQuery ─► settled
 */
export class FastConnection implements EngineConnection, FrameReceiver {
  readonly #transport: Transport;
  readonly #scanner: FrameScanner;
  readonly #known = new Map<string, KnownStatement>();
  #loggedIn = false;
  #lostCode: string | null = null;
  #transaction: "idle" | "open" | "failed" = "idle";
  /** Of the statement under way. */
  #running: KnownStatement | null = null;
  #settled: Settled | null = null;
  #code: string | null = null;
  #warning: string | null = null;
  #text = "";
  onLost: (code: string) => void = () => undefined;
  readyNs = 0n;

  constructor(transport: Transport) {
    this.#transport = transport;
    this.#scanner = new FrameScanner(this);
  }

  get usable(): boolean {
    return this.#lostCode === null;
  }

  get busy(): boolean {
    return this.#settled !== null;
  }

  get transaction(): "idle" | "open" | "failed" {
    return this.#transaction;
  }

  run(statement: PreparedStatement, values: readonly Value[], settled: Settled): void {
    if (this.#lostCode !== null) {
      process.nextTick(settled, this.#lostCode, false, null, "connection lost");
      return;
    }
    if (this.#settled !== null)
      throw new Error("One statement at a time: the last one has not been answered");
    let known = this.#running;
    if (known?.statement !== statement) this.#running = known = this.#find(statement);
    const message = known.bind.fill(values);
    this.#settled = settled;
    this.#code = null;
    this.#warning = null;
    this.#text = "";
    this.#transport.write(known.state === "prepared" ? message : prepared(known, message));
  }

  close(): void {
    if (this.#lostCode !== null) return;
    this.#transport.end(terminate);
    this.#lose("CLOSED", "closed by its owner");
  }

  destroy(code: string): void {
    this.lose(code, "ended by its owner");
  }

  /** The connection is gone, or useless. */
  lose(code: string, text: string): void {
    if (this.#lostCode !== null) return;
    this.#transport.destroy();
    this.#lose(code, text);
  }

  /** Bytes from the server. */
  receive(bytes: Uint8Array, length: number): void {
    if (this.#lostCode === null) this.#scanner.feed(bytes, length);
  }

  message(type: number, body: Uint8Array, from: number, to: number): boolean {
    switch (type) {
      case 0x32: // BindComplete
      case 0x54: // RowDescription
      case 0x44: // DataRow
      case 0x43: // CommandComplete
      case 0x6e: // NoData
      case 0x49: // EmptyQueryResponse
      case 0x33: // CloseComplete
        if (this.#settled === null && this.#loggedIn) this.#unexpected(type);
        break;
      case 0x5a: // ReadyForQuery
        this.#ready(body[from]);
        break;
      case 0x31: // ParseComplete
        if (this.#running !== null && this.#settled !== null) this.#running.state = "prepared";
        else this.#unexpected(type);
        break;
      case 0x45: // ErrorResponse
        if (this.#loggedIn) this.#failed(body, from, to);
        break;
      case 0x4e: // NoticeResponse
        if (this.#loggedIn) this.#noticed(body, from, to);
        break;
      case 0x53: // ParameterStatus
      case 0x41: // NotificationResponse
        break;
      default:
        if (this.#loggedIn) this.#unexpected(type);
    }
    return this.#lostCode === null;
  }

  malformed(type: number, length: number): void {
    this.lose(PROTOCOL_VIOLATION, `Expected a message of the protocol, got type ${type}, length ${length}`);
  }

  #find(statement: PreparedStatement): KnownStatement {
    const known = this.#known.get(statement.name);
    if (known?.statement.sql === statement.sql) return known;
    const state = known === undefined ? "new" : "stale";
    const bind = new BindMessage(statement.name, statement.parameterCount);
    const found: KnownStatement = { statement, bind, state };
    this.#known.set(statement.name, found);
    return found;
  }

  #ready(status: number | undefined): void {
    this.#transaction = status === 0x49 ? "idle" : status === 0x54 ? "open" : "failed";
    const settled = this.#settled;
    if (settled !== null) {
      this.#settled = null;
      settled(this.#code, true, this.#warning, this.#text);
    } else if (this.#loggedIn) {
      this.#unexpected(0x5a);
    }
    this.#loggedIn = true;
  }

  #failed(body: Uint8Array, from: number, to: number): void {
    const { severity, code, text } = readServerReport(body, from, to);
    if (this.#code === null) {
      this.#code = code;
      this.#text = text;
    }
    if (this.#running !== null) {
      if (code === INVALID_STATEMENT_NAME) this.#running.state = "stale";
      if (code === DUPLICATE_STATEMENT) this.#running.state = "prepared";
    }
    if (isFatal(severity)) this.lose(code, text);
  }

  #noticed(body: Uint8Array, from: number, to: number): void {
    const { severity, code } = readServerReport(body, from, to);
    if (severity === "WARNING") this.#warning ??= code;
  }

  #unexpected(type: number): void {
    this.lose(
      PROTOCOL_VIOLATION,
      `Unexpected message of type "${String.fromCharCode(type)}" from the server`,
    );
  }

  /** What is under way is settled first. An error that had come is certain, and the best reason for what followed. */
  #lose(code: string, text: string): void {
    const settled = this.#settled;
    const reason = settled === null ? code : (this.#code ?? code);
    this.#lostCode = reason;
    this.#settled = null;
    if (settled !== null) settled(reason, true, this.#warning, this.#code === null ? text : this.#text);
    this.onLost(reason);
  }
}

function prepared({ statement, state }: KnownStatement, message: Buffer): Buffer {
  const parse = parseMessage(statement.name, statement.sql);
  return Buffer.concat(state === "new" ? [parse, message] : [closeMessage(statement.name), parse, message]);
}

const terminate = Buffer.from([0x58, 0, 0, 0, 4]);

/** SQLSTATEs, PostgreSQL manual, appendix A. */
const PROTOCOL_VIOLATION = "08P01";
const INVALID_STATEMENT_NAME = "26000";
const DUPLICATE_STATEMENT = "42P05";
