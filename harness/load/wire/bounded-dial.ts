import { clientCodes } from "./outcomes.ts";

/** A connection that could not be made, and why. */
interface NotConnected {
  readonly kind: "not-connected";
  readonly code: string;
  readonly text: string;
}

/** A log-in under way. Of `connected` and `fail` the first one counts. */
export interface DialAttempt<Connection> {
  connected(connection: Connection): void;
  readonly fail: (code: string, text: string) => void;
  /** Logged in: neither the bound nor the cancellation matters any more. */
  endWaiting(): void;
  /** As when the signal is aborted. */
  cancel(): void;
}

/**
 * A log-in that is given up after `withinMs`, or when `cancelled` is aborted: `lose` then ends whatever there is of it.
 * Never rejects.
 */
export function boundedDial<Connection>(
  { withinMs, cancelled }: { readonly withinMs: number; readonly cancelled: AbortSignal | undefined },
  lose: (code: string, text: string) => void,
  begin: (attempt: DialAttempt<Connection>) => void,
): Promise<{ readonly kind: "connected"; readonly connection: Connection } | NotConnected> {
  return new Promise((resolve) => {
    const endWaiting = (): void => {
      clearTimeout(timer);
      cancelled?.removeEventListener("abort", cancel);
    };
    const fail = (code: string, text: string): void => {
      endWaiting();
      lose(code, text);
      resolve({ kind: "not-connected", code, text });
    };
    const cancel = (): void => fail("CANCELLED", "not needed any more");
    const timer = setTimeout(fail, Math.ceil(withinMs), clientCodes.connectTimeout, "not connected in time");
    cancelled?.addEventListener("abort", cancel, { once: true });
    const connected = (connection: Connection): void => resolve({ kind: "connected", connection });
    begin({ connected, fail, endWaiting, cancel });
  });
}
