import type { Value } from "../../workloads/draw-values.ts";
import { BindMessage } from "./bind-message.ts";
import type {
  ConnectionLine,
  DirectConnection,
  EngineConnection,
  EnterBegun,
  PreparedStatement,
  Settled,
} from "./engine-connection.ts";
import { FrameScanner, type FrameReceiver } from "./frame-scanner.ts";
import { closeMessage, parseMessage } from "./parse-message.ts";
import { isFatal, readServerReport } from "./server-report.ts";
import type { Transport } from "./transport.ts";

/** A statement as this connection's server knows it. `stale`: it did, and says now that it does not. */
interface KnownStatement {
  readonly statement: PreparedStatement;
  readonly parse: Buffer;
  readonly bind: BindMessage;
  state: "new" | "prepared" | "stale";
}

/**
 * Sends prepared statements over a transport whose log-in somebody else does: until the server is ready for the first
 * time, messages are only counted. From then on every byte is read here.
 *
 *   run ─► [Parse] Bind Describe Execute Sync ─► ... rows nobody wants are stepped over ... ─► ReadyForQuery ─► settled
 */
export class FastConnection implements EngineConnection, DirectConnection, FrameReceiver {
  readonly #transport: Transport;
  readonly #scanner: FrameScanner;
  readonly #known = new Map<string, KnownStatement>();
  #loggedIn = false;
  #lostCode: string | null = null;
  /** It is being lost or closed: nothing new goes out on it. */
  #ending = false;
  #transaction: "idle" | "open" | "failed" = "idle";
  /** Of the statement under way. */
  #running: KnownStatement | null = null;
  #settled: Settled | null = null;
  #code: string | null = null;
  #warning: string | null = null;
  #text = "";
  row: readonly (string | null)[] | null = null;
  rows: (readonly (string | null)[])[] | null = null;
  onLost: (code: string) => void = () => undefined;
  enterBegun: EnterBegun = () => undefined;
  prepared = 0;
  readonly direct = this;
  line: ConnectionLine | null = null;
  place = -1;
  readyNs = 0n;

  constructor(transport: Transport) {
    this.#transport = transport;
    transport.onClosing = () => this.line?.withdraw(this.place);
    this.#scanner = new FrameScanner(this);
  }

  get descriptor(): number {
    return this.#transport.descriptor;
  }

  get usable(): boolean {
    return this.#lostCode === null && !this.#ending;
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
    const known = this.#expect(statement, settled);
    const message = known.bind.fill(values);
    this.#transport.write(known.state === "prepared" ? message : prepared(known, message));
  }

  began(statement: PreparedStatement, sent: boolean, rest: Buffer | null, settled: Settled): void {
    if (this.#lostCode !== null) {
      process.nextTick(settled, this.#lostCode, sent, null, "connection lost");
      return;
    }
    this.#expect(statement, settled);
    if (rest !== null) this.#transport.write(rest);
  }

  close(): void {
    if (this.#lostCode !== null) return;
    if (!this.#handBack()) return;
    this.#transport.end(terminate);
    this.#lose("CLOSED", "closed by its owner");
  }

  destroy(code: string): void {
    this.lose(code, "ended by its owner");
  }

  /** The connection is gone, or useless. */
  lose(code: string, text: string): void {
    if (this.#lostCode !== null) return;
    if (!this.#handBack()) return;
    this.#transport.destroy();
    this.#lose(code, text);
  }

  /** Bytes from the server. */
  receive(bytes: Uint8Array, length: number): void {
    if (this.#settled === null) this.#enterAnswered(bytes[0]);
    if (this.#lostCode === null) this.#scanner.feed(bytes, length);
  }

  message(type: number, body: Uint8Array, from: number, to: number): boolean {
    switch (type) {
      case 0x44: // DataRow
        this.#rowCame(body, from, to);
        break;
      case BIND_COMPLETE:
      case 0x54: // RowDescription
      case 0x43: // CommandComplete
      case 0x6e: // NoData
      case 0x49: // EmptyQueryResponse
      case 0x33: // CloseComplete
        if (this.#settled === null && this.#loggedIn) this.#unexpected(type);
        break;
      case 0x5a: // ReadyForQuery
        this.#ready(body[from]);
        break;
      case PARSE_COMPLETE:
        if (this.#running === null || this.#settled === null) this.#unexpected(type);
        else if (this.#running.statement.name !== UNNAMED) this.#become("prepared", this.#running);
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

  /** What has come may be the answer to what another thread has sent, or still be news that the server sends unasked. */
  #enterAnswered(type: number | undefined): void {
    const answers = this.#scanner.between && (type === PARSE_COMPLETE || type === BIND_COMPLETE);
    if (!answers) this.line?.awaitWriting(this.place);
    this.enterBegun(answers ? this : null);
  }

  /** What comes from now on is the answer to this statement. */
  #expect(statement: PreparedStatement, settled: Settled): KnownStatement {
    if (this.#settled !== null)
      throw new Error("One statement at a time: the last one has not been answered");
    let known = this.#running;
    if (known?.statement !== statement) this.#running = known = this.#find(statement);
    this.#settled = settled;
    this.#code = null;
    this.#warning = null;
    this.#text = "";
    this.row = null;
    this.rows = statement.wantsRows?.() === true ? [] : null;
    this.#scanner.wantsRows = statement.keepsRow === true || this.rows !== null;
    return known;
  }

  #become(state: "prepared" | "stale", known: KnownStatement): void {
    known.state = state;
    const bit = known.statement.bit ?? 0;
    this.prepared = state === "prepared" ? this.prepared | bit : this.prepared & ~bit;
  }

  /**
   * The connection is this thread's alone again, and what the other one has sent on it is known. Whether it is there
   * still: entering what was begun may have lost it.
   */
  #handBack(): boolean {
    this.#ending = true;
    this.line?.withdraw(this.place);
    this.enterBegun();
    return this.#lostCode === null;
  }

  #find(statement: PreparedStatement): KnownStatement {
    const { name, sql, parameterCount } = statement;
    const key = name === UNNAMED ? sql : name;
    const known = this.#known.get(key);
    if (known?.statement.sql === sql) return known;
    const state = known === undefined ? "new" : "stale";
    const bind = new BindMessage(name, parameterCount);
    const found: KnownStatement = { statement, parse: parseMessage(name, sql), bind, state };
    this.#known.set(key, found);
    return found;
  }

  #rowCame(body: Uint8Array, from: number, to: number): void {
    if (this.#settled === null && this.#loggedIn) this.#unexpected(0x44);
    else if (this.rows !== null) this.#keepRow(readDataRow(body, from, to));
    else if (this.#scanner.wantsRows) this.row ??= readDataRow(body, from, to);
  }

  #keepRow(row: readonly (string | null)[] | null): void {
    if (row === null) return;
    this.row ??= row;
    this.rows?.push(row);
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
      if (code === INVALID_STATEMENT_NAME) this.#become("stale", this.#running);
      if (code === DUPLICATE_STATEMENT) this.#become("prepared", this.#running);
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

function prepared({ statement, parse, state }: KnownStatement, message: Buffer): Buffer {
  return Buffer.concat(state === "new" ? [parse, message] : [closeMessage(statement.name), parse, message]);
}

/** Reads a DataRow's values in text format: a count, then each value's length (-1: null) and bytes. null: it is none. */
function readDataRow(bytes: Uint8Array, from: number, to: number): readonly (string | null)[] | null {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
  const values: (string | null)[] = [];
  const count = body.length < 2 ? 0 : body.readInt16BE(0);
  for (let at = 2; values.length < count;) {
    if (at + 4 > body.length) return null;
    const length = body.readInt32BE(at);
    values.push(length < 0 ? null : body.toString("utf8", at + 4, at + 4 + length));
    at += 4 + Math.max(0, length);
  }
  return values;
}

const PARSE_COMPLETE = 0x31;
const BIND_COMPLETE = 0x32;

const UNNAMED = "";

const terminate = Buffer.from([0x58, 0, 0, 0, 4]);

/** SQLSTATEs, PostgreSQL manual, appendix A. */
const PROTOCOL_VIOLATION = "08P01";
const INVALID_STATEMENT_NAME = "26000";
const DUPLICATE_STATEMENT = "42P05";
