import { Socket } from "node:net";
import { dialEngine } from "./dial-engine.ts";
import type { DialTarget, EngineDialled } from "./engine-connection.ts";
import { pgClient } from "./pg-client.ts";
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
  const { tls, ...login } = target;
  const socket = new Socket();
  const client = pgClient({ ...login, ssl: tls ?? false, stream: () => socket });
  const connection = new PgConnection(client, socket);
  return dialEngine(connection, { withinMs, cancelled }, (done) => {
    // @types/pg has the callback's error as always there; on success it is null.
    client.connect(done);
  });
}
