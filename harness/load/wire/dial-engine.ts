import type { EngineConnection, EngineDialled } from "./engine-connection.ts";
import { errorCode } from "./error-code.ts";
import { clientCodes } from "./outcomes.ts";

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
  { withinMs, cancelled }: { readonly withinMs: number; readonly cancelled: AbortSignal | undefined },
  logIn: (
    done: (error: Error | null | undefined) => void,
    fail: (code: string, text: string) => void,
  ) => void,
): Promise<EngineDialled> {
  return new Promise((resolve) => {
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
    const done = (error: Error | null | undefined): void => {
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
    };
    logIn(done, fail);
    if (cancelled?.aborted === true) cancel();
  });
}
