import type { ClientEndpoint } from "../../../model/layout.ts";
import { within } from "../../../support/within.ts";
import type { AddressCache } from "../../wire/address-cache.ts";
import { dialFast } from "../../wire/dial-fast.ts";
import { dialPg } from "../../wire/dial-pg.ts";
import type { DialTarget } from "../../wire/engine-connection.ts";
import { clientCodes } from "../../wire/outcomes.ts";
import type { Dial } from "./sessions/dialler.ts";

/** How to reach one entry: by the fast path, unless something is to be copied, which only `pg` can do. */
export function dialEntry(options: {
  readonly at: ClientEndpoint;
  readonly login: Omit<DialTarget, "host" | "port" | "options">;
  readonly addressOf: AddressCache;
  readonly copies: boolean;
}): Dial {
  const { at, login, addressOf, copies } = options;
  const dial = copies ? dialPg : dialFast;
  return async (withinMs, cancelled) => {
    const untilMs = performance.now() + withinMs;
    try {
      const host = await within({ ms: withinMs }, addressOf(at.host), () => null);
      if (host === null)
        return {
          kind: "not-connected",
          code: clientCodes.connectTimeout,
          text: `${at.host}: no address in time`,
        };
      return await dial(
        { ...login, host, port: at.port, options: at.options },
        untilMs - performance.now(),
        cancelled,
      );
    } catch (error) {
      const code = (error as { readonly code?: string }).code ?? "ENOTFOUND";
      return { kind: "not-connected", code, text: `${at.host} has no address: ${String(error)}` };
    }
  };
}
