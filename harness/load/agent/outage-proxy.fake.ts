import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** An outage as it really was, on this process's monotonic clock. */
export interface KnownOutage {
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** A TCP proxy that can be out of order for a known time. */
export interface OutageProxy extends AsyncDisposable {
  readonly port: number;
  /**
   * Swallows every byte both ways and answers nobody; new connections are accepted and left alone. Connections
   * that lived through it stay dead: what they lost is lost.
   */
  blackHole(ms: number): Promise<KnownOutage>;
  /** Resets every connection and refuses new ones. */
  refuse(ms: number): Promise<KnownOutage>;
}

/** Forwards connections on a loopback port to `host:port`. */
export async function startOutageProxy(host: string, port: number): Promise<OutageProxy> {
  let isHole = false;
  const pairs = new Set<{ dead: boolean; readonly sockets: readonly Socket[] }>();
  const accept = (client: Socket): void => {
    const pair = { dead: isHole, sockets: [client] };
    pairs.add(pair);
    client.on("error", () => undefined);
    client.on("close", () => pairs.delete(pair));
    if (pair.dead) {
      client.resume();
      return;
    }
    const upstream = connect({ host, port, noDelay: true });
    pair.sockets.push(upstream);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on("data", (bytes) => {
        if (!pair.dead) to.write(bytes);
      });
      from.on("end", () => {
        if (!pair.dead) to.end();
      });
    }
    upstream.on("error", () => client.destroy());
    client.on("close", () => upstream.destroy());
  };
  let server = await listen(accept, 0);
  const listening = (server.address() as AddressInfo).port;
  return {
    port: listening,
    blackHole: async (ms) => {
      const fromNs = process.hrtime.bigint();
      isHole = true;
      for (const pair of pairs) pair.dead = true;
      await until(fromNs, ms);
      isHole = false;
      return { fromNs, toNs: process.hrtime.bigint() };
    },
    refuse: async (ms) => {
      const fromNs = process.hrtime.bigint();
      server.close();
      for (const { sockets } of pairs) sockets.forEach((socket) => socket.resetAndDestroy());
      await until(fromNs, ms);
      server = await listen(accept, listening);
      return { fromNs, toNs: process.hrtime.bigint() };
    },
    [Symbol.asyncDispose]: async () => {
      for (const { sockets } of pairs) sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(accept: (client: Socket) => void, port: number): Promise<Server> {
  const server = createServer({ noDelay: true }, accept);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", 1024, resolve);
  });
  return server;
}

/** To a few microseconds: sleeps, then yields until it is time. */
async function until(fromNs: bigint, ms: number): Promise<void> {
  const toNs = fromNs + BigInt(ms) * 1_000_000n;
  await new Promise((resolve) => setTimeout(resolve, ms - 3));
  while (process.hrtime.bigint() < toNs) await new Promise((resolve) => setImmediate(resolve));
}
