import { connect, type Socket } from "node:net";
import type { Endpoint } from "../model/layout.ts";
import { resolveHost } from "../support/resolve-host.ts";
import type { Sign } from "./decide/watch-leader.ts";
import type { GuardedMember } from "./protocol/guard-spec.ts";

/** Patroni answers it from memory, with whatever status: that it answers is what counts. */
const QUESTION = Buffer.from("GET /liveness HTTP/1.0\r\nConnection: close\r\n\r\n");
/** Length 8 and the code 80877103: PostgreSQL answers S or N before anybody logs in. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** Without an answer for this long, the address is asked for again. */
const DOUBTFUL_MS = 500;

/** Asks a node for a sign of life. Resolves with whether it answered: what is refused, or not answered within the limit, is no answer. */
export type AskNode = (member: GuardedMember, sign: Sign, limitMs: number) => Promise<boolean>;

/**
 * Both questions are answered by the processes themselves, so that a frozen node, whose kernel still takes connections, gives no
 * sign; and a node needs nothing that sends heart-beats, which would be alive where Patroni and PostgreSQL are not. Each ask
 * is a connection of its own: one that is kept would say nothing of whether new ones are taken.
 */
export function askNodes(): AskNode {
  /** Addresses hold as long as asks are answered there. */
  const addresses = new Map<string, string>();
  return async ({ host, restPort, postgresPort }, sign, limitMs) => {
    try {
      const address = addresses.get(host) ?? (await resolveHost(host));
      addresses.set(host, address);
      // A node that was started anew may have another address: the next asks go there, while this one waits on.
      const doubt = setTimeout(() => addresses.delete(host), DOUBTFUL_MS);
      try {
        const [port, question] = sign === "rest" ? [restPort, QUESTION] : [postgresPort, SSL_REQUEST];
        const answered = await firstByte({ host: address, port }, question, limitMs);
        if (!answered) addresses.delete(host);
        return answered;
      } finally {
        clearTimeout(doubt);
      }
    } catch {
      return false;
    }
  };
}

function firstByte(at: Endpoint, question: Buffer, limitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket: Socket = connect(at);
    const end = (answered: boolean): void => {
      clearTimeout(late);
      socket.destroy();
      resolve(answered);
    };
    const late = setTimeout(() => end(false), limitMs);
    socket
      .on("connect", () => socket.write(question))
      .on("data", () => end(true))
      .on("error", () => end(false))
      .on("close", () => end(false));
  });
}
