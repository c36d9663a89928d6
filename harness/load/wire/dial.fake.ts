import { dialFast } from "./dial-fast.ts";
import { dialPg } from "./dial-pg.ts";
import type { DialTarget, EngineConnection, EngineDialled, PreparedStatement } from "./engine-connection.ts";
import type { Value } from "../../workloads/draw-values.ts";

/** Both kinds of connection: every fact about one is a fact about the other. */
export const kinds: readonly (readonly [
  name: string,
  dial: (target: DialTarget, withinMs: number, cancelled?: AbortSignal) => Promise<EngineDialled>,
])[] = [
  ["fast", dialFast],
  ["pg", dialPg],
];

/** What a statement's callback was told. */
export interface Told {
  readonly code: string | null;
  readonly sent: boolean;
  readonly warning: string | null;
  readonly text: string;
}

export function run(
  connection: EngineConnection,
  statement: PreparedStatement,
  values: readonly Value[] = [],
): Promise<Told> {
  return new Promise((resolve) => {
    connection.run(statement, values, (code, sent, warning, text) => resolve({ code, sent, warning, text }));
  });
}

export function connected(dialled: EngineDialled): EngineConnection {
  if (dialled.kind === "connected") return dialled.connection;
  throw new Error(`Expected a connection, got ${dialled.code}: ${dialled.text}`);
}

/** Resolves with the reason when the connection is lost. */
export function lost(connection: EngineConnection): Promise<string> {
  return new Promise((resolve) => {
    connection.onLost = resolve;
  });
}
