import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { clientMessages } from "../wire/client-messages.ts";
import { serverMessage } from "../wire/server-message.ts";

/** What the stub does with a statement. */
export type StubAnswer =
  | { readonly kind: "complete" }
  /** Completes with one row before the answer. */
  | { readonly kind: "row"; readonly values: readonly string[] }
  /** Completes with a warning before the answer, as a cancelled wait for a synchronous standby does. */
  | { readonly kind: "complete-with-warning"; readonly code: string }
  | { readonly kind: "error"; readonly code: string; readonly severity: "ERROR" | "FATAL" }
  /** CommandComplete goes out, then the commit fails: no ReadyForQuery, an error or a closed connection instead. */
  | { readonly kind: "complete-then-error"; readonly code: string }
  | { readonly kind: "complete-then-close" }
  | { readonly kind: "close" }
  | { readonly kind: "silence" };

export interface StubStatement {
  readonly sql: string;
  readonly values: readonly string[];
}

/** Speaks enough of PostgreSQL's protocol 3.0 for the agent: trust log-in, extended and simple queries, a row where the answer has one. */
export interface PostgresStub extends AsyncDisposable {
  readonly port: number;
  /** Every statement that arrived whole, in order. */
  readonly statements: readonly StubStatement[];
  /** Names of the statements that were parsed. */
  readonly parsed: readonly string[];
  readonly connectionsMade: number;
  readonly connectionsOpen: number;
}

/** Starts a stub on loopback. `answer` decides by statement; by default all complete. */
export async function startPostgresStub(
  answer: (statement: StubStatement) => StubAnswer = () => ({ kind: "complete" }),
): Promise<PostgresStub> {
  const statements: StubStatement[] = [];
  const parsed: string[] = [];
  const sockets = new Set<Socket>();
  let connectionsMade = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    connectionsMade += 1;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    converse(socket, parsed, (statement) => {
      statements.push(statement);
      return answer(statement);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    statements,
    parsed,
    get connectionsMade() {
      return connectionsMade;
    },
    get connectionsOpen() {
      return sockets.size;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const authenticationOk = serverMessage("R", Buffer.from([0, 0, 0, 0]));
const backendKey = serverMessage("K", Buffer.alloc(8, 1));
const readyForQuery = serverMessage("Z", Buffer.from("I"));
const parseComplete = serverMessage("1", Buffer.alloc(0));
const bindComplete = serverMessage("2", Buffer.alloc(0));
const noData = serverMessage("n", Buffer.alloc(0));

function converse(socket: Socket, parsed: string[], answer: (statement: StubStatement) => StubAnswer): void {
  let sql = "";
  let values: string[] = [];
  const receive = (type: string, body: Buffer): void => {
    if (type === "start-up") {
      socket.write(Buffer.concat([authenticationOk, backendKey, readyForQuery]));
    } else if (type === "P") {
      parsed.push(text(body, 0));
      sql = text(body, body.indexOf(0) + 1);
    } else if (type === "B") {
      values = boundValues(body);
    } else if (type === "Q") {
      reply(socket, answer({ sql: text(body, 0), values: [] }), true);
    } else if (type === "S") {
      reply(socket, answer({ sql, values }), false);
    } else if (type === "X") {
      socket.end();
    }
  };
  socket.on("data", clientMessages(receive));
}

function reply(socket: Socket, answer: StubAnswer, simple: boolean): void {
  const parsed = simple ? [] : [parseComplete, bindComplete, noData];
  const complete = [...parsed, serverMessage("C", Buffer.from("INSERT 0 1\0"))];
  switch (answer.kind) {
    case "complete":
      socket.write(Buffer.concat([...complete, readyForQuery]));
      return;
    case "row":
      socket.write(Buffer.concat([dataRow(answer.values), ...complete, readyForQuery]));
      return;
    case "complete-with-warning":
      socket.write(Buffer.concat([...complete, report("N", "WARNING", answer.code), readyForQuery]));
      return;
    case "error":
      socket.write(report("E", answer.severity, answer.code));
      if (answer.severity === "FATAL") socket.end();
      else socket.write(readyForQuery);
      return;
    case "complete-then-error":
      socket.end(Buffer.concat([...complete, report("E", "FATAL", answer.code)]));
      return;
    case "complete-then-close":
      socket.end(Buffer.concat(complete));
      return;
    case "close":
      socket.destroy();
      return;
    case "silence":
  }
}

function dataRow(values: readonly string[]): Buffer {
  const parts = values.map((value) => {
    const bytes = Buffer.from(`\0\0\0\0${value}`);
    bytes.writeInt32BE(bytes.length - 4, 0);
    return bytes;
  });
  return serverMessage("D", Buffer.concat([Buffer.from([0, values.length]), ...parts]));
}

/** ErrorResponse or NoticeResponse. */
function report(type: "E" | "N", severity: string, code: string): Buffer {
  return serverMessage(type, Buffer.from(`S${severity}\0V${severity}\0C${code}\0Mstub\0\0`));
}

function text(body: Buffer, from: number): string {
  return body.toString("utf8", from, body.indexOf(0, from));
}

/** Bind: portal, statement, formats, then each value with its length. */
function boundValues(body: Buffer): string[] {
  let at = body.indexOf(0, body.indexOf(0) + 1) + 1;
  at += 2 + 2 * body.readInt16BE(at);
  const count = body.readInt16BE(at);
  at += 2;
  return Array.from({ length: count }, () => {
    const length = body.readInt32BE(at);
    at += 4 + Math.max(0, length);
    return length < 0 ? "" : body.toString("utf8", at - length, at);
  });
}
