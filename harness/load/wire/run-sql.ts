import type { Endpoint } from "../../model/layout.ts";
import type { AddressBook } from "./address-book.ts";
import type { CommandFailure, IdRanges } from "../protocol/agent-protocol.ts";
import { idRangesSql, rangesOf } from "../protocol/id-ranges.ts";
import { dial, type LoginTarget, type Rows } from "./database-connection.ts";

export interface SqlRequest {
  readonly at: Endpoint;
  readonly login: Omit<LoginTarget, "host" | "port">;
  readonly addressOf: AddressBook;
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

/** Runs the statements one after the other on one new connection; the rows of the last one. Rejects with SqlFailure. */
export async function runSql(request: SqlRequest): Promise<Rows> {
  const { at, login, addressOf, statements, budgetMs } = request;
  const untilMs = performance.now() + budgetMs;
  const leftMs = (): number => Math.max(1, untilMs - performance.now());
  const where = `${at.host}:${at.port}, database ${login.database}`;
  const host = await addressOf(at.host).catch((error: unknown) => {
    throw new SqlFailure({ message: `${at.host} has no address: ${String(error)}`, code: "ENOTFOUND" });
  });
  const dialled = await dial({ ...login, host, port: at.port }, leftMs());
  if (dialled.kind === "not-connected") {
    const message = `Expected to log in at ${where} as ${login.user}, got ${dialled.code}: ${dialled.text}`;
    throw new SqlFailure({ message, code: dialled.code });
  }
  try {
    let rows: Rows = [];
    for (const statement of statements) {
      const seen = await dialled.connection.run(statement, [], leftMs());
      if (seen.kind !== "answered") {
        const message = `Expected ${where} to run "${shortened(statement)}", got ${seen.code}: ${seen.text}`;
        throw new SqlFailure({ message, code: seen.code });
      }
      rows = seen.rows;
    }
    return rows;
  } finally {
    dialled.connection.close();
  }
}

/** The positive ids of a table as inclusive ranges. */
export async function readIds(
  request: Omit<SqlRequest, "statements"> & { readonly table: string },
): Promise<IdRanges> {
  const rows = await runSql({
    ...request,
    statements: [idRangesSql(request.table, "id > 0")],
  });
  const present = [...rangesOf(rows)];
  return { rows: present.reduce((sum, [from, to]) => sum + to - from + 1, 0), present };
}

function shortened(statement: string): string {
  const line = statement.replace(/\s+/g, " ").trim();
  return line.length > 120 ? `${line.slice(0, 117)}...` : line;
}
