import pg from "pg";
import { resolveHost } from "../../support/resolve-host.ts";

export interface SqlLogin {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/** One connection to PostgreSQL or to PgBouncer's admin console. */
export interface SqlConnection {
  /** Rejects when the server or the connection says no; a server that is frozen leaves it pending. */
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Ends the connection at once, without a word to the server. */
  drop(): void;
}

/** Opens one; resolves when it is logged in. `onLost` is called once, with the reason, when the connection is gone afterwards. */
export type OpenSql = (
  login: SqlLogin,
  timeoutMs: number,
  onLost: (reason: unknown) => void,
) => Promise<SqlConnection>;

/**
 * Opens a connection with npm `pg`, which bounds neither its connecting nor its queries by itself: connecting is
 * bounded here by `timeoutMs`, queries by whoever asks.
 */
export const openSql: OpenSql = async (login, timeoutMs, onLost) => {
  const client = new pg.Client({
    ...login,
    host: await resolveHost(login.host),
    application_name: "dpg-bench observer",
    ssl: false,
  });
  // Whoever asked hears of a loss only between login and drop.
  let lost = true;
  const lose = (reason?: unknown): void => {
    if (!lost) onLost(reason);
    lost = true;
  };
  const socket = (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream;
  client.on("error", lose);
  client.on("end", lose);
  const late = setTimeout(() => socket.destroy(), timeoutMs);
  try {
    await client.connect();
    lost = false;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(late);
  }
  return {
    query: async (sql) => (await client.query<Record<string, unknown>>(sql)).rows,
    drop: () => {
      lost = true;
      socket.destroy();
    },
  };
};
