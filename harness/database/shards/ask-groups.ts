import type { SqlRunner } from "../../model/capabilities.ts";
import { DpgError, HarnessError } from "../../model/errors.ts";
import { countdown } from "../countdown.ts";
import { retrySql } from "../retry-sql.ts";
import { primaryOf } from "../run-setup-stages.ts";
import { millisecondsSince, type MovingShards } from "./shard-mover.ts";

type Rows = Awaited<ReturnType<SqlRunner["run"]>>;

/** Statements for the primary of a group, each within the budget of one answer. What is tried is to follow "Expected to ". */
export interface AskGroups {
  /** Safe to run again: tried until they succeed, for so many times the budget of one answer (1). */
  one(group: string, what: string, statements: readonly string[], answers?: number): Promise<Rows>;
  /** Tried again only after failures that are named, which say that nothing was done; `passed` is told how long each such try took. */
  once(
    group: string,
    what: string,
    statements: readonly string[],
    again: {
      readonly passing: readonly string[];
      readonly everyMs: number;
      readonly passed?: (tookMs: number) => void;
    },
  ): Promise<Rows>;
  /** Asks until the answer's first row is as wanted; as long as it answers, for so many times the budget of one answer. */
  until(
    group: string,
    what: string,
    question: string,
    wanted: {
      readonly holds: (row: Readonly<Record<string, unknown>>) => boolean;
      readonly everyMs: number;
      readonly answers?: number;
    },
  ): Promise<void>;
  /** Between two looks. */
  pause(ms: number): Promise<void>;
}

/** Rejects with HarnessErrors that name what was tried, or with the signal's reason. No error holds the clients' password. */
export function askGroups(moving: MovingShards, signal: AbortSignal): AskGroups {
  const { clock, commandMs, topology, agent } = moving;
  const setting = { ...moving, signal };
  const within = (answers: number): string =>
    `${answers === 1 ? "" : `${answers} times `}budgets.commandSeconds (${commandMs / 1000} s)`;
  const ask: AskGroups = {
    pause: (ms) => clock.sleep(ms, signal),
    one: async (group, what, statements, answers = 1) => {
      const budgetMs = answers * commandMs;
      const remainingMs = countdown(clock, budgetMs);
      const at = await primaryOf(group, setting, commandMs);
      const tried = { purpose: what, at, statements, tryMs: budgetMs, remainingMs, within: within(answers) };
      return await retrySql(tried, setting).catch((error: unknown) => withoutPassword(error, moving));
    },
    once: async (group, what, statements, { passing, everyMs, passed }) => {
      const remainingMs = countdown(clock, commandMs);
      const at = await primaryOf(group, setting, commandMs);
      const { database } = topology.postgres;
      for (;;) {
        signal.throwIfAborted();
        const triedUs = clock.nowUs();
        try {
          return await agent.run({ at, database, statements, budgetMs: remainingMs() });
        } catch (error) {
          const code = error instanceof DpgError ? error.code : "";
          if (!passing.includes(code) || remainingMs() <= everyMs) throw notDone(what, within(1), error);
          passed?.(millisecondsSince(triedUs, clock));
          await clock.sleep(everyMs, signal);
        }
      }
    },
    until: async (group, what, question, { holds, everyMs, answers = 1 }) => {
      const remainingMs = countdown(clock, answers * commandMs);
      for (;;) {
        const [row = {}] = await ask.one(group, `ask for ${what}`, [question]);
        if (holds(row)) return;
        if (remainingMs() <= everyMs)
          throw new HarnessError({
            code: "shards-not-moved",
            message: `Expected ${what} within ${within(answers)}; found ${JSON.stringify(row)}.`,
          });
        await clock.sleep(everyMs, signal);
      }
    },
  };
  return ask;
}

function notDone(what: string, within: string, cause: unknown): HarnessError {
  const found = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof DpgError ? cause.code : "shards-not-moved";
  return new HarnessError({ code, message: `Expected to ${what} within ${within}, got: ${found}`, cause });
}

/** Errors name the statement, and a statement may have to name the password. */
function withoutPassword(error: unknown, { credentials }: MovingShards): never {
  const { clientPassword } = credentials;
  if (!(error instanceof DpgError) || !error.message.includes(clientPassword)) throw error;
  const { code, hint } = error;
  throw new HarnessError({ code, hint, message: error.message.replaceAll(clientPassword, "********") });
}
