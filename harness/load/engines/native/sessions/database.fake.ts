import type { EngineConnection, PreparedStatement, Settled } from "../../../wire/engine-connection.ts";
import type { Dial } from "./dialler.ts";

/** What the fake does with a statement. */
export type FakeAnswer =
  /** `code` null: answered; else an ERROR, after which the connection stays. */
  | {
      readonly kind: "answer";
      readonly code: string | null;
      readonly afterMs?: number;
      readonly warning?: string;
    }
  /** The connection ends instead. */
  | { readonly kind: "lose"; readonly code: string }
  | { readonly kind: "silence" };

export interface FakeDatabase {
  readonly dial: Dial;
  readonly statements: readonly { readonly sql: string; readonly values: readonly (string | number)[] }[];
  readonly dials: number;
  readonly open: number;
  /** Loses every connection that is there now. */
  loseAll(code: string): void;
}

/** A database without a network. By default everything is answered at once, and every log-in succeeds. */
export function fakeDatabase(
  script: {
    readonly answer?: (sql: string, statement: number) => FakeAnswer;
    /** null: succeeds; "never": does not end; else it is refused with this code. */
    readonly logIn?: (dial: number) => string | null;
  } = {},
): FakeDatabase {
  const statements: { sql: string; values: readonly (string | number)[] }[] = [];
  const connections = new Set<FakeConnection>();
  let dials = 0;
  const answer = (sql: string, values: readonly (string | number)[]): FakeAnswer => {
    statements.push({ sql, values: [...values] });
    return script.answer?.(sql, statements.length) ?? { kind: "answer", code: null };
  };
  return {
    statements,
    get dials() {
      return dials;
    },
    get open() {
      return connections.size;
    },
    loseAll: (code) => {
      for (const connection of [...connections]) connection.destroy(code);
    },
    dial: async (withinMs, cancelled) => {
      dials += 1;
      const code = script.logIn?.(dials) ?? null;
      if (code === "never") {
        await new Promise<void>((resolve) => {
          setTimeout(resolve, withinMs);
          cancelled?.addEventListener("abort", () => resolve());
        });
        return { kind: "not-connected", code: "CONNECT_TIMEOUT", text: "not connected in time" };
      }
      await new Promise((resolve) => setImmediate(resolve));
      if (code !== null) return { kind: "not-connected", code, text: `refused with ${code}` };
      const connection = new FakeConnection(answer, () => connections.delete(connection));
      connections.add(connection);
      return { kind: "connected", connection };
    },
  };
}

class FakeConnection implements EngineConnection {
  readonly readyNs = process.hrtime.bigint();
  readonly #answer: (sql: string, values: readonly (string | number)[]) => FakeAnswer;
  readonly #gone: () => void;
  usable = true;
  transaction: "idle" | "open" | "failed" = "idle";
  onLost: (code: string) => void = () => undefined;
  #settled: Settled | null = null;

  constructor(answer: (sql: string, values: readonly (string | number)[]) => FakeAnswer, gone: () => void) {
    this.#answer = answer;
    this.#gone = gone;
  }

  get busy(): boolean {
    return this.#settled !== null;
  }

  run({ sql }: PreparedStatement, values: readonly (string | number)[], settled: Settled): void {
    this.#perform(sql, values, settled);
  }

  copy(sql: string, text: string, settled: Settled): void {
    this.#perform(sql, [text], settled);
  }

  close(): void {
    this.destroy("CLOSED");
  }

  destroy(code: string): void {
    if (!this.usable) return;
    this.usable = false;
    this.#gone();
    const settled = this.#settled;
    this.#settled = null;
    settled?.(code, true, null, "lost");
    this.onLost(code);
  }

  #perform(sql: string, values: readonly (string | number)[], settled: Settled): void {
    if (this.busy) throw new Error(`Expected one statement at a time, found ${sql} during another`);
    if (!this.usable) {
      settled("CONNECTION_LOST", false, null, "lost");
      return;
    }
    this.#settled = settled;
    const answer = this.#answer(sql, values);
    if (answer.kind === "silence") return;
    const tell = (): void => {
      if (!this.usable) return;
      if (answer.kind === "lose") {
        this.destroy(answer.code);
        return;
      }
      if (answer.code !== null) this.transaction = this.transaction === "idle" ? "idle" : "failed";
      else if (sql === "begin") this.transaction = "open";
      else if (sql === "commit" || sql === "rollback") this.transaction = "idle";
      this.#settled = null;
      settled(answer.code, true, answer.warning ?? null, answer.code ?? "");
    };
    if (answer.kind === "answer" && answer.afterMs !== undefined) setTimeout(tell, answer.afterMs);
    else setImmediate(tell);
  }
}
