import { within } from "./observing.ts";
import type { OpenSql, SqlConnection, SqlLogin } from "./open-sql.ts";

const DIAL_MS = 2000;
/** citus_lock_waits asks every node: one that is gone makes it wait for as long as Citus' own time-outs. */
const ANSWER_MS = 2000;

/** A connection that is opened when something is asked, and kept. */
export interface KeptConnection {
  /** Rejects when there is no answer in time. What was rejected for whatever reason is to be followed by `drop`. */
  ask(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Ends the connection, if there is one; the next question opens another. */
  drop(): void;
}

/** `name`: whom it leads to, for errors. `onGone`: what was learned by the connection is of no use any more. */
export function keepConnection(
  login: SqlLogin,
  { name, open, onGone }: { readonly name: string; readonly open: OpenSql; readonly onGone: () => void },
): KeptConnection {
  let connection: SqlConnection | null = null;
  const forget = (): void => {
    connection = null;
    onGone();
  };
  return {
    ask: async (sql) => {
      connection ??= await open(login, DIAL_MS, forget);
      return await within(ANSWER_MS, name, connection.query(sql));
    },
    drop: () => {
      connection?.drop();
      forget();
    },
  };
}
