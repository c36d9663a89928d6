import { Socket } from "node:net";
import pg from "pg";
import type { ClientEndpoint } from "../../model/layout.ts";
import type { AddressCache } from "./address-cache.ts";
import type { CommandFailure, IdRanges } from "../protocol/agent-protocol.ts";
import { idRangesSql, rangesOf } from "../protocol/id-ranges.ts";
import { within } from "../../support/within.ts";
import type { LoginTarget } from "./engine-connection.ts";
import { errorCode } from "./error-code.ts";
import { clientCodes } from "./outcomes.ts";

export interface SqlRequest {
  readonly at: ClientEndpoint;
  readonly login: Omit<LoginTarget, "host" | "port" | "options">;
  readonly addressOf: AddressCache;
  readonly statements: readonly string[];
  /** Bound on connecting and all statements together. */
  readonly budgetMs: number;
}

/** A statement, or the way to it, failed. */
export class SqlFailure extends Error {
  readonly failure: CommandFailure;

  constructor(failure: CommandFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

type Rows = readonly Readonly<Record<string, unknown>>[];

/** Runs the statements one after the other on one new connection; the rows of the last one. Rejects with SqlFailure. */
export async function runSql(request: SqlRequest): Promise<Rows> {
  const { at, login, addressOf, statements, budgetMs } = request;
  const untilMs = performance.now() + budgetMs;
  const where = `${at.host}:${at.port}, database ${login.database}`;
  const host = await addressOf(at.host).catch((error: unknown) => {
    throw new SqlFailure({ message: `${at.host} has no address: ${String(error)}`, code: "ENOTFOUND" });
  });
  const socket = new Socket();
  const client = new pg.Client({
    ...login,
    host,
    port: at.port,
    options: at.options,
    ssl: false,
    stream: () => socket,
  });
  let lost: { readonly code: string; readonly text: string } | null = null;
  const lose = (code: string, text: string): void => {
    lost ??= { code, text };
    socket.destroy();
  };
  client.on("error", (error) => lose(errorCode(error), error.message));
  // A bound of our own: the driver's neither cover a silent server nor end the attempt at the system's level.
  const bounded = async <Result>(work: Promise<Result>, late: string, expected: string): Promise<Result> => {
    const leftMs = Math.max(1, Math.ceil(untilMs - performance.now()));
    try {
      return await within({ ms: leftMs }, work, () => {
        lose(late, "not in time");
        return work;
      });
    } catch (error) {
      lose(errorCode(error as Error), (error as Error).message);
      const { code, text } = lost ?? { code: late, text: "" };
      throw new SqlFailure({ message: `Expected ${expected}, got ${code}: ${text}`, code });
    }
  };
  await bounded(client.connect(), clientCodes.connectTimeout, `to log in at ${where} as ${login.user}`);
  let rows: Rows = [];
  for (const statement of statements) {
    const expected = `${where} to run "${shortened(statement)}"`;
    const result = await bounded(
      client.query<Record<string, unknown>>(statement),
      clientCodes.timeout,
      expected,
    );
    rows = result.rows;
  }
  setTimeout(() => socket.destroy(), 1000).unref();
  client.end().catch(() => undefined);
  return rows;
}

/** The positive ids of a table as inclusive ranges; with `shardKeys` only of rows that have one of them. */
export async function readIds(
  request: Omit<SqlRequest, "statements"> & {
    readonly table: string;
    readonly shardKeys?: readonly number[] | undefined;
  },
): Promise<IdRanges> {
  const { table, shardKeys } = request;
  const where = shardKeys === undefined ? "id > 0" : `id > 0 and shard_key in (${shardKeys.join(", ")})`;
  const rows = await runSql({ ...request, statements: [idRangesSql(table, where)] });
  const present = [...rangesOf(rows)];
  return { rows: present.reduce((sum, [from, to]) => sum + to - from + 1, 0), present };
}

function shortened(statement: string): string {
  const line = statement.replace(/\s+/g, " ").trim();
  return line.length > 120 ? `${line.slice(0, 117)}...` : line;
}
