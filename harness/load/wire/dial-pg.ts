import { Socket } from "node:net";
import pg from "pg";
import { clientCodes } from "../outcomes.ts";
import type { DialTarget, EngineDialled } from "./engine-connection.ts";
import { errorCode } from "./error-code.ts";
import { PgConnection } from "./pg-connection.ts";

/**
 * Connects and logs in within `withinMs`, wholly by the `pg` client: for what a fast connection does not do. Also given
 * up when `cancelled` is aborted. Never rejects.
 */
export function dialPg(
  target: DialTarget,
  withinMs: number,
  cancelled?: AbortSignal,
): Promise<EngineDialled> {
  return new Promise((resolve) => {
    const { tls, ...login } = target;
    const socket = new Socket();
    const client = new pg.Client({ ...login, ssl: tls ?? false, stream: () => socket });
    const connection = new PgConnection(client, socket);
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
    // @types/pg has the callback's error as always there; on success it is null.
    client.connect((error: Error | null | undefined) => {
      if (error != null) {
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
    if (cancelled?.aborted === true) cancel();
  });
}
