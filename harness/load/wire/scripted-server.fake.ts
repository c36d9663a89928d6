import { createServer, type AddressInfo, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { clientMessages } from "./client-messages.ts";
import { serverMessage } from "./server-message.ts";

/** What a scripted server does: sends bytes in one piece, or ends the connection. */
export type Step = Buffer | "close" | "reset";

/** A statement that came: the types of its messages, up to Sync, and the names of what they parse, bind or close. */
export interface ReceivedStatement {
  readonly types: string;
  readonly names: readonly string[];
}

export interface ScriptedServer extends AsyncDisposable {
  readonly port: number;
  readonly received: readonly ReceivedStatement[];
  /** Ends or resets what is connected, or sends to it unasked. */
  say(step: Step): void;
}

export interface Script {
  /** Answers to what begins a connection; by default a log-in without a password. */
  readonly logIn?: readonly Step[];
  /** Answers to statement number `index`, from 0, after ParseComplete where it was parsed. Nothing: silence. */
  readonly answer?: (statement: ReceivedStatement, index: number) => readonly Step[];
}

/** Speaks PostgreSQL's protocol by script. Every step reaches the client in a read of its own. */
export async function startScriptedServer(script: Script = {}): Promise<ScriptedServer> {
  const received: ReceivedStatement[] = [];
  const sockets = new Map<Socket, Promise<void>>();
  const enqueue = (socket: Socket, steps: readonly Step[]): void => {
    sockets.set(socket, take(socket, steps, sockets.get(socket) ?? Promise.resolve()));
  };
  const { logIn = [greeting], answer = () => [completed()] } = script;
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.set(socket, Promise.resolve());
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    listen(
      socket,
      () => enqueue(socket, logIn),
      (statement) => {
        received.push(statement);
        const steps = answer(statement, received.length - 1);
        enqueue(socket, statement.types.includes("P") ? [parsed, ...steps] : steps);
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received,
    say: (step) => {
      for (const socket of sockets.keys()) enqueue(socket, [step]);
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets.keys()) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** ErrorResponse or NoticeResponse, in a language that the client need not know. */
export function report(type: "E" | "N", severity: string, code: string): Buffer {
  return serverMessage(type, Buffer.from(`SŒUF\0V${severity}\0C${code}\0Mscripted ${code}\0\0`));
}

export function ready(status: "I" | "T" | "E" = "I"): Buffer {
  return serverMessage("Z", Buffer.from(status));
}

export const parsed = serverMessage("1");
export const bound = serverMessage("2");
/** RowDescription of one column "a" of type text. */
const described = serverMessage(
  "T",
  Buffer.from("\0\x01a\0\0\0\0\0\0\0\0\0\0\x19\xff\xff\xff\xff\xff\xff\0\0", "latin1"),
);
/** DataRow of that column. */
export const row = serverMessage("D", Buffer.from("\0\x01\0\0\0\x05hello", "latin1"));
export const commandComplete = serverMessage("C", Buffer.from("SELECT 1\0"));

/** BindComplete, RowDescription, a row, CommandComplete. */
export const result = Buffer.concat([bound, described, row, commandComplete]);

/** The answer to a statement that was parsed before. */
export function completed(status: "I" | "T" | "E" = "I"): Buffer {
  return Buffer.concat([result, ready(status)]);
}

/** AuthenticationOk, a parameter, BackendKeyData, ReadyForQuery. */
export const greeting = Buffer.concat([
  serverMessage("R", Buffer.alloc(4)),
  serverMessage("S", Buffer.from("server_encoding\0UTF8\0")),
  serverMessage("K", Buffer.alloc(8, 1)),
  ready(),
]);

/** One script after the other. */
async function take(socket: Socket, steps: readonly Step[], after: Promise<void>): Promise<void> {
  await after;
  for (const step of steps) {
    if (socket.destroyed) return;
    if (step === "close") socket.end();
    else if (step === "reset") socket.resetAndDestroy();
    else socket.write(step);
    // The client shares this process's event loop: two turns of it, and what was written has been read.
    await turn();
    await turn();
  }
}

function listen(socket: Socket, begun: () => void, statement: (statement: ReceivedStatement) => void): void {
  let types = "";
  let names: string[] = [];
  const receive = (type: string, body: Buffer): void => {
    if (type === "start-up") {
      begun();
      return;
    }
    types += type;
    if (type === "P" || type === "B" || type === "C") names.push(nameIn(type, body));
    if (type === "S" || type === "Q") {
      statement({ types, names });
      types = "";
      names = [];
    }
  };
  socket.on("data", clientMessages(receive));
}

/** Parse: name; Bind: portal, name; Close: kind, name. */
function nameIn(type: "P" | "B" | "C", body: Buffer): string {
  const from = type === "P" ? 0 : 1;
  return body.toString("utf8", from, body.indexOf(0, from));
}
