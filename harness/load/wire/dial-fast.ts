import { dialEngine } from "./dial-engine.ts";
import type { DialTarget, EngineDialled } from "./engine-connection.ts";
import { FastConnection } from "./fast-connection.ts";
import { LoginStream } from "./login-stream.ts";
import { pgClient } from "./pg-client.ts";
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
  const transport = new Transport(target);
  const connection = new FastConnection(transport);
  return dialEngine(connection, { withinMs, cancelled }, (done, fail) => {
    transport.onEnded = fail;
    transport.onReady = () => logIn(target, transport, connection, done);
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
  const { tls: _byTransport, ...login } = target;
  const client = pgClient({ ...login, ssl: false, stream: () => stream });
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
