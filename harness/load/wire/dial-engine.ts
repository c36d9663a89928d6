import { boundedDial } from "./bounded-dial.ts";
import { clientCodes } from "./outcomes.ts";
import type { EngineConnection, EngineDialled } from "./engine-connection.ts";
import { errorCode } from "./error-code.ts";

/** A connection that is being logged in. */
interface Dialling extends EngineConnection {
  readyNs: bigint;
  lose(code: string, text: string): void;
}

/**
 * The log-in of an engine's connection, whatever its kind: `logIn` begins it and tells once how it ended, or that the
 * way to the server did. Given up after `withinMs`, or when `cancelled` is aborted. Never rejects.
 */
export function dialEngine(
  connection: Dialling,
  bounds: { readonly withinMs: number; readonly cancelled: AbortSignal | undefined },
  logIn: (
    done: (error: Error | null | undefined) => void,
    fail: (code: string, text: string) => void,
  ) => void,
): Promise<EngineDialled> {
  const lose = (code: string, text: string): void => connection.lose(code, text);
  return boundedDial<EngineConnection>(bounds, lose, (attempt) => {
    let lostCode: string = clientCodes.connectionLost;
    connection.onLost = (code) => (lostCode = code);
    const done = (error: Error | null | undefined): void => {
      if (error != null) {
        attempt.fail(errorCode(error), error.message);
        return;
      }
      attempt.endWaiting();
      connection.readyNs = process.hrtime.bigint();
      // After the rest of what has been read: it may say that the server is shutting down.
      process.nextTick(() => {
        if (connection.usable) attempt.connected(connection);
        else attempt.fail(lostCode, "lost at once");
      });
    };
    logIn(done, attempt.fail);
    if (bounds.cancelled?.aborted === true) attempt.cancel();
  });
}
