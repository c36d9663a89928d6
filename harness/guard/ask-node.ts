import { createSocket } from "node:dgram";
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
 * All questions are answered by processes, so that a frozen node, whose kernel still takes connections, gives no sign. A heart-beat
 * is returned by a process that Patroni is the parent of: it costs next to nothing, and answers while the node has hardly any
 * processor time, when Patroni and PostgreSQL may not answer for seconds. To those each ask is a connection of its own: one that is
 * kept would say nothing of whether new ones are taken.
 */
export function askNodes(): AskNode {
  const beats = heartBeats();
  /** Addresses hold as long as asks are answered there. */
  const addresses = new Map<string, string>();
  return async ({ host, restPort, postgresPort, heartbeatPort }, sign, limitMs) => {
    try {
      const address = addresses.get(host) ?? (await resolveHost(host));
      addresses.set(host, address);
      // A node that was started anew may have another address: the next asks go there, while this one waits on.
      const doubt = setTimeout(() => addresses.delete(host), DOUBTFUL_MS);
      try {
        const answered =
          sign === "heartbeat"
            ? await beats({ host: address, port: heartbeatPort }, limitMs)
            : sign === "rest"
              ? await firstByte({ host: address, port: restPort }, QUESTION, limitMs)
              : await firstByte({ host: address, port: postgresPort }, SSL_REQUEST, limitMs);
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

/** Sends numbered datagrams, and resolves with whether each came back. */
function heartBeats(): (at: Endpoint, limitMs: number) => Promise<boolean> {
  const socket = createSocket("udp4");
  const waiting = new Map<number, (came: boolean) => void>();
  let sent = 0;
  socket.on("message", (beat) => beat.length === 4 && waiting.get(beat.readUInt32BE())?.(true));
  // What cannot be sent does not come back.
  socket.on("error", () => undefined);
  socket.unref();
  return ({ host, port }, limitMs) =>
    new Promise((resolve) => {
      const number = (sent = (sent + 1) >>> 0);
      const end = (came: boolean): void => {
        clearTimeout(late);
        waiting.delete(number);
        resolve(came);
      };
      const late = setTimeout(() => end(false), limitMs);
      waiting.set(number, end);
      const beat = Buffer.alloc(4);
      beat.writeUInt32BE(number);
      socket.send(beat, port, host, (error) => error !== null && end(false));
    });
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
