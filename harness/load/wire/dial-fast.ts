import pg from "pg";
import { clientCodes } from "../outcomes.ts";
import type { DialTarget, EngineDialled } from "./engine-connection.ts";
import { errorCode } from "./error-code.ts";
import { FastConnection } from "./fast-connection.ts";
import { LoginStream } from "./login-stream.ts";
import { Transport } from "./transport.ts";

/**
 * Connects and logs in within `withinMs`, for prepared statements at the least cost to the client. `pg` does the
 * log-in over a stream of ours; whole messages are counted meanwhile, so that not one byte is lost or read twice when
 * it is let go. Also given up when `cancelled` is aborted. Never rejects.
 */
export function dialFast(
  target: DialTarget,
  withinMs: number,
  cancelled?: AbortSignal,
): Promise<EngineDialled> {
  return new Promise((resolve) => {
    const transport = new Transport(target);
    const connection = new FastConnection(transport);
    const endWaiting = (): void => {
      clearTimeout(timer);
      cancelled?.removeEventListener("abort", cancel);
    };
    const fail = (code: string, text: string): void => {
      endWaiting();
      connection.lose(code, text);
      resolve({ kind: "not-connected", code, text });
    };
    const cancel = (): void => fail("CANCELLED", "not needed any more");
    const timer = setTimeout(fail, Math.ceil(withinMs), clientCodes.connectTimeout, "not connected in time");
    cancelled?.addEventListener("abort", cancel, { once: true });
    let lostCode: string = clientCodes.connectionLost;
    connection.onLost = (code) => (lostCode = code);
    transport.onEnded = fail;
    transport.onReady = () => {
      logIn(target, transport, connection, (error) => {
        if (error !== null) {
          fail(errorCode(error), error.message);
          return;
        }
        endWaiting();
        connection.readyNs = process.hrtime.bigint();
        // After the rest of what has been read: it may say that the server is shutting down.
        process.nextTick(() => {
          if (connection.usable) resolve({ kind: "connected", connection });
          else fail(lostCode, "lost at once");
        });
      });
    };
    if (cancelled?.aborted === true) cancel();
  });
}

/** Lets `pg` log in, and gives the transport to the connection. Calls back once. */
function logIn(
  target: DialTarget,
  transport: Transport,
  connection: FastConnection,
  done: (error: Error | null) => void,
): void {
  const stream = new LoginStream((bytes) => transport.write(bytes));
  const { host, port, database, user, password } = target;
  const client = new pg.Client({ host, port, database, user, password, ssl: false, stream: () => stream });
  // What pg says after the log-in is of no interest: the connection has read the same bytes.
  client.on("error", () => undefined);
  transport.onBytes = (bytes, length) => {
    stream.push(Buffer.from(bytes.subarray(0, length)));
    connection.receive(bytes, length);
  };
  // @types/pg has the callback's error as always there; on success it is null.
  client.connect((error: Error | null | undefined) => {
    if (error == null) {
      transport.onBytes = (bytes, length) => connection.receive(bytes, length);
      transport.onEnded = (code, text) => connection.lose(code, text);
    }
    done(error ?? null);
  });
}
