import type { SqlRunner } from "./capabilities.ts";
import type { Clock } from "./clock.ts";
import { HarnessError } from "./errors.ts";

type Rows = Awaited<ReturnType<SqlRunner["run"]>>;

/** Runs statements by `answer`, each after `tookMs`; `ran` lists them in order, one line each: `host:port statement`. */
export function fakeSqlRunner(options: {
  readonly clock: Clock;
  readonly tookMs: number;
  /** The rows of one statement; throws what sqlFailure gives. */
  readonly answer: (statement: string, host: string) => Rows;
}): SqlRunner & { readonly ran: readonly string[] } {
  const { clock, tookMs, answer } = options;
  const ran: string[] = [];
  return {
    ran,
    run: async ({ at, statements }) => {
      let rows: Rows = [];
      for (const statement of statements) {
        ran.push(`${at.host}:${at.port} ${statement.replaceAll(/\s+/g, " ")}`);
        await clock.sleep(tookMs);
        rows = answer(statement, at.host);
      }
      return rows;
    },
  };
}

/** The error of an agent's statement that failed with this SQLSTATE or client code. */
export function sqlFailure(statement: string, code: string, text = "no more words"): HarnessError {
  const message = `Expected the server to run "${statement}", got ${code}: ${text}`;
  return new HarnessError({ code, message });
}
