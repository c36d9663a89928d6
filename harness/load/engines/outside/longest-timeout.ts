import type { EngineLoad } from "../engine.ts";

/** The longest bound of any operation, its own or the stage's. Milliseconds. */
export function longestTimeoutMs({ client, definition }: Pick<EngineLoad, "client" | "definition">): number {
  return Math.max(client.timeoutMs, ...definition.operations.map(({ timeoutMs }) => timeoutMs ?? 0));
}
