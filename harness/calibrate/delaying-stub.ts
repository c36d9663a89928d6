import { createServer, type AddressInfo, type Socket } from "node:net";
import { clientMessages } from "../load/wire/client-messages.ts";
import { serverMessage } from "../load/wire/server-message.ts";
import { answerDueMs, type KnownDelay } from "./known-delays.ts";

/**
 * A statement that was answered: the operation's number, when it was read and its answer written, and how long the stub
 * had not looked at its connections before it read it, where it looks again and again (0 where it waits for them).
 * Microseconds.
 */
export type GivenAnswer = readonly [id: number, receivedUs: number, writtenUs: number, notLookedUs: number];

/** A server that answers every statement with nothing, after a delay that is known. */
export interface DelayingStub {
  readonly port: number;
  /** Every answer to a statement whose first value was an operation's number, on the clock that it was given. */
  given(): readonly GivenAnswer[];
}

/** Below this the stub does not trust timers, which are a millisecond late, but looks again and again. */
const NAP_BELOW_MS = 2.5;
/** One such look: long enough to leave the processor to the client, short against any delay. */
const NAP_MS = 0.05;

/**
 * Starts the stub on a free port of loopback. It speaks as much of PostgreSQL's protocol 3.0 as a client of prepared
 * statements needs: log-in without a password, Parse, Bind, Describe, Execute, Sync, simple queries. Its times count from
 * `epochNs` of the system's monotonic clock, as an agent's do, so that each answer can be laid beside what the agent
 * measured of it.
 */
export async function startDelayingStub(delay: KnownDelay, epochNs: bigint): Promise<DelayingStub> {
  const waiting = new DueAnswers();
  const given: GivenAnswer[] = [];
  const nowUs = (): number => Number(process.hrtime.bigint() - epochNs) / 1000;
  let firstMs: number | null = null;
  let received = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => undefined);
    readMessages(socket, {
      control: (answer) => socket.write(answer),
      statement: (answer, id) => {
        const receivedUs = nowUs();
        const notLookedUs = looking === "soon" ? receivedUs - lookedUs : 0;
        const nowMs = performance.now();
        firstMs ??= nowMs;
        received += 1;
        const dueMs = firstMs + answerDueMs(delay, nowMs - firstMs, received);
        waiting.add({ dueMs, receivedUs, notLookedUs, id, socket, answer });
        keepAnswering();
      },
    });
  });

  /** What is to look at the answers next; an answer may be due before a timer that waits for an earlier request's. */
  let looking: "not" | "soon" | NodeJS.Timeout = "not";
  let lookedUs = 0;
  const keepAnswering = (): void => {
    if (looking === "soon") return;
    if (looking !== "not") clearTimeout(looking);
    turn();
  };
  const turn = (): void => {
    lookedUs = nowUs();
    for (;;) {
      const next = waiting.nextDue(performance.now());
      if (next === undefined) break;
      const writtenUs = nowUs();
      next.socket.write(next.answer);
      if (next.id !== null) given.push([next.id, next.receivedUs, writtenUs, next.notLookedUs]);
    }
    const leftMs = waiting.earliestMs - performance.now();
    if (leftMs === Infinity) looking = "not";
    else if (leftMs > NAP_BELOW_MS) looking = setTimeout(turn, leftMs - NAP_BELOW_MS + 1);
    else {
      looking = "soon";
      if (leftMs > NAP_MS) nap();
      setImmediate(turn);
    }
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    given: () => given,
  };
}

const cell = new Int32Array(new SharedArrayBuffer(4));

function nap(): void {
  Atomics.wait(cell, 0, 0, NAP_MS);
}

interface DueAnswer {
  readonly dueMs: number;
  readonly receivedUs: number;
  readonly notLookedUs: number;
  readonly id: number | null;
  readonly socket: Socket;
  readonly answer: Buffer;
}

/** Answers by their moment; few at a time, nearly in order, so that inserting from the end is cheap. */
class DueAnswers {
  readonly #answers: DueAnswer[] = [];

  add(answer: DueAnswer): void {
    let at = this.#answers.length;
    while (at > 0 && (this.#answers[at - 1]?.dueMs ?? 0) > answer.dueMs) at -= 1;
    this.#answers.splice(at, 0, answer);
  }

  get earliestMs(): number {
    return this.#answers[0]?.dueMs ?? Infinity;
  }

  nextDue(nowMs: number): DueAnswer | undefined {
    return this.earliestMs <= nowMs ? this.#answers.shift() : undefined;
  }
}

/** What is done with the answer to log-in and the like, and with the answer to a statement and its first value. */
interface Listener {
  readonly control: (answer: Buffer) => void;
  readonly statement: (answer: Buffer, id: number | null) => void;
}

function readMessages(socket: Socket, { control, statement }: Listener): void {
  let answers: Buffer[] = [];
  let executed = false;
  let id: number | null = null;
  const asksForTls = (body: Buffer): boolean => body.readInt32BE(0) === SSL_REQUEST;
  const receive = (type: string, body: Buffer): void => {
    if (type === "start-up") control(asksForTls(body) ? Buffer.from("N") : logIn);
    else if (type === "X") socket.end();
    else if (type === "Q") statement(Buffer.concat([complete, ready]), null);
    else if (type === "S") {
      const answer = Buffer.concat([...answers, ready]);
      if (executed) statement(answer, id);
      else control(answer);
      answers = [];
      executed = false;
      id = null;
    } else {
      if (type === "B") id = firstValue(body);
      executed ||= type === "E";
      const answer = answersByType[type];
      if (answer !== undefined) answers.push(answer);
    }
  };
  socket.on("data", clientMessages(receive, asksForTls));
}

/** The first value of a Bind, where it is a number in text: names of portal and statement, formats, values. */
function firstValue(body: Buffer): number | null {
  const statementAt = body.indexOf(0) + 1;
  const formatsAt = body.indexOf(0, statementAt) + 1;
  const countAt = formatsAt + 2 + 2 * body.readInt16BE(formatsAt);
  if (body.readInt16BE(countAt) === 0) return null;
  const length = body.readInt32BE(countAt + 2);
  const text = length < 0 ? "" : body.toString("latin1", countAt + 6, countAt + 6 + length);
  return /^\d+$/.test(text) ? Number(text) : null;
}

/** The code that a client asks for TLS with, in the place of the protocol's version. */
const SSL_REQUEST = 80_877_103;

const complete = message("C", "SELECT 0\0");
const ready = message("Z", "I");
const logIn = Buffer.concat([
  message("R", "\0\0\0\0"),
  message("S", "server_version\u000017.0\0"),
  message("S", "client_encoding\0UTF8\0"),
  message("S", "standard_conforming_strings\0on\0"),
  message("K", "\0\0\0\u0001\0\0\0\u0001"),
  ready,
]);
/** ParseComplete, BindComplete, NoData (to Describe), CommandComplete (to Execute), CloseComplete. */
const answersByType: Readonly<Record<string, Buffer>> = {
  P: message("1", ""),
  B: message("2", ""),
  D: message("n", ""),
  E: complete,
  C: message("3", ""),
};

function message(type: string, body: string): Buffer {
  return serverMessage(type, Buffer.from(body));
}
