import { setTimeout as delay } from "node:timers/promises";
import { clientCodes } from "../../../wire/outcomes.ts";
import type { Dialler } from "./dialler.ts";
import type { Refusal } from "./refusal.ts";
import type { Session } from "./session.ts";

const LOOK_EVERY_MS = 2;

/**
 * Asks for all connections and waits until each has been tried once, or the time is over. null when at least one was
 * made (the others are tried again meanwhile), else why not.
 */
export async function prepareSessions(
  sessions: readonly Session[],
  dialler: Dialler,
  withinMs: number,
  refusal: () => Refusal | null,
): Promise<Refusal | null> {
  for (const session of sessions) dialler.request(session);
  const untilMs = performance.now() + withinMs;
  while (dialler.tried < sessions.length && performance.now() < untilMs) await delay(LOOK_EVERY_MS);
  if (sessions.length === 0 || sessions.some(({ connection }) => connection !== null)) return null;
  return refusal() ?? { code: clientCodes.connectTimeout, text: `no log-in within ${withinMs} ms` };
}
