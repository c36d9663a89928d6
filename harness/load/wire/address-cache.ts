import { lookup } from "node:dns/promises";

/** No name is asked for more often than this. */
const REFRESH_AFTER_MS = 200;

/** Gives the newest known address of a host name. */
export type AddressCache = (host: string) => Promise<string>;

/**
 * Remembers addresses, so that a dial during an outage never waits for a name server: it takes the last address
 * known, and asks for the present one behind its back. Only the first question for a name is waited for. (Lookups
 * block one of libuv's few threads each, and a stopped container's name may take seconds to be denied.)
 */
export function createAddressCache(resolve: (host: string) => Promise<string> = systemLookup): AddressCache {
  const known = new Map<string, string>();
  const asked = new Map<string, { readonly answer: Promise<string>; readonly atMs: number; done: boolean }>();

  const ask = (host: string): Promise<string> => {
    const last = asked.get(host);
    if (last !== undefined && (!last.done || performance.now() - last.atMs < REFRESH_AFTER_MS))
      return last.answer;
    const question = { answer: resolve(host), atMs: performance.now(), done: false };
    asked.set(host, question);
    question.answer.then(
      (address) => {
        question.done = true;
        known.set(host, address);
      },
      () => {
        question.done = true;
      },
    );
    return question.answer;
  };
  return async (host) => {
    const answer = ask(host);
    return known.get(host) ?? (await answer);
  };
}

async function systemLookup(host: string): Promise<string> {
  return (await lookup(host, { family: 4 })).address;
}
